<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ModelFacts</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n head(s)</source>
        <translation>
            <numerusform>%n head</numerusform>
            <numerusform>%n heads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n special</source>
        <translation>
            <numerusform>%n special</numerusform>
            <numerusform>%n special</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NearMisses</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Placeholder</name>
    <message numerus="yes">
        <source>%n softmax(es) were looked at and not taken; the panel says why.</source>
        <translation>
            <numerusform>%n softmax was looked at and not taken; the panel says why.</numerusform>
            <numerusform>%n softmaxes were looked at and not taken; the panel says why.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TextInput</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
</TS>
