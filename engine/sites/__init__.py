"""Where attention is: one frozen `AttentionSite` for each softmax(scale · QKᵀ + bias) V of the graph."""
