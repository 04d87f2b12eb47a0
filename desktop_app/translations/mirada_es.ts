<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message>
        <source>Starting the engine…</source>
        <translation>Arrancando el motor…</translation>
    </message>
    <message>
        <source>Opening the model…</source>
        <translation>Abriendo el modelo…</translation>
    </message>
    <message>
        <source>Reading the image…</source>
        <translation>Leyendo la imagen…</translation>
    </message>
    <message>
        <source>Running the model…</source>
        <translation>Ejecutando el modelo…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>End this; what is on screen stays</source>
        <translation>Terminar esto; lo que está en pantalla se queda</translation>
    </message>
</context>
<context>
    <name>AttentionView</name>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elige uno con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Type a text in the panel, or drop a file here.</source>
        <translation>Escribe un texto en el panel o suelta aquí un archivo.</translation>
    </message>
    <message>
        <source>Drop an image here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen, o elige una con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>No attention was found in “{name}”. Open another model.</source>
        <translation>No se encontró atención en «{name}». Abre otro modelo.</translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>ViT: a vision transformer, trained on CIFAR-10</source>
        <translation>ViT: un transformador de visión, entrenado con CIFAR-10</translation>
    </message>
    <message>
        <source>CNN: a residual network, trained on CIFAR-10</source>
        <translation>CNN: una red residual, entrenada con CIFAR-10</translation>
    </message>
    <message>
        <source>Translator: Spanish to English, trained on Tatoeba’s sentences</source>
        <translation>Traductor: del español al inglés, entrenado con frases de Tatoeba</translation>
    </message>
    <message>
        <source>airplane</source>
        <translation>avión</translation>
    </message>
    <message>
        <source>cat</source>
        <translation>gato</translation>
    </message>
    <message>
        <source>cup of coffee</source>
        <translation>taza de café</translation>
    </message>
    <message>
        <source>duck</source>
        <translation>pato</translation>
    </message>
    <message>
        <source>horses</source>
        <translation>caballos</translation>
    </message>
    <message>
        <source>kingfisher</source>
        <translation>martín pescador</translation>
    </message>
    <message>
        <source>kitten</source>
        <translation>gatito</translation>
    </message>
    <message>
        <source>macaw</source>
        <translation>guacamayo</translation>
    </message>
    <message>
        <source>sailing ship</source>
        <translation>velero</translation>
    </message>
    <message>
        <source>truck</source>
        <translation>camión</translation>
    </message>
    <message>
        <source>car</source>
        <translation>coche</translation>
    </message>
    <message>
        <source>car and truck</source>
        <translation>coche y camión</translation>
    </message>
    <message>
        <source>dog</source>
        <translation>perro</translation>
    </message>
    <message>
        <source>dog and cat</source>
        <translation>perro y gato</translation>
    </message>
    <message>
        <source>moose</source>
        <translation>alce</translation>
    </message>
    <message>
        <source>osprey</source>
        <translation>águila pescadora</translation>
    </message>
    <message>
        <source>owl</source>
        <translation>búho</translation>
    </message>
    <message>
        <source>red panda</source>
        <translation>panda rojo</translation>
    </message>
    <message>
        <source>golden toad</source>
        <translation>sapo dorado</translation>
    </message>
    <message>
        <source>two boats</source>
        <translation>dos barcos</translation>
    </message>
</context>
<context>
    <name>ClassChooser</name>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>The class that is asked about, likeliest first; type part of a name to find another.</source>
        <translation>La clase por la que se pregunta, la más probable primero; escribe parte de un nombre para buscar otra.</translation>
    </message>
</context>
<context>
    <name>ColorBar</name>
    <message>
        <source>Colours go from 0 to {high}; larger numbers have the last colour too.</source>
        <translation>Los colores van de 0 a {high}; los números mayores llevan también el último color.</translation>
    </message>
    <message>
        <source>Colours go from 0 to {high}.</source>
        <translation>Los colores van de 0 a {high}.</translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation>Escala de color</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>Side by side</source>
        <translation>Lado a lado</translation>
    </message>
    <message>
        <source>Rollout</source>
        <translation>Rollout</translation>
    </message>
    <message>
        <source>Chosen head</source>
        <translation>Cabeza elegida</translation>
    </message>
    <message>
        <source>Nothing of this model lies on the image at once; see Class evidence.</source>
        <translation>Nada de este modelo está ya sobre la imagen; mira Evidencia de clase.</translation>
    </message>
    <message>
        <source>What speaks for “{label}”, exactly</source>
        <translation>Lo que habla a favor de «{label}», exacto</translation>
    </message>
    <message>
        <source>Where its last maps differ most</source>
        <translation>Donde más difieren sus últimos mapas</translation>
    </message>
    <message>
        <source>all tokens (mean)</source>
        <translation>todos los tokens (media)</translation>
    </message>
    <message>
        <source>patch ({row}, {column})</source>
        <translation>parche ({row}, {column})</translation>
    </message>
    <message>
        <source>Largest: {value} at ({row}, {column}) of {rows} × {columns}</source>
        <translation>Mayor: {value} en ({row}, {column}) de {rows} × {columns}</translation>
    </message>
    <message>
        <source>({row}, {column}) of {rows} × {columns}: {value}</source>
        <translation>({row}, {column}) de {rows} × {columns}: {value}</translation>
    </message>
    <message>
        <source>Through all layers: {token}</source>
        <translation>Por todas las capas: {token}</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}: {token}</source>
        <translation>Capa {layer}, cabeza {head}: {token}</translation>
    </message>
    <message>
        <source>class token</source>
        <translation>token de clase</translation>
    </message>
    <message>
        <source>{low} to {high}; mean size {mean}</source>
        <translation>De {low} a {high}; tamaño medio {mean}</translation>
    </message>
    <message>
        <source>Layer {layer}, left patterns minus right. Head {head}: {mean} on average, most {most} at query {query}, key {key}.</source>
        <translation>Capa {layer}, patrones de la izquierda menos los de la derecha. Cabeza {head}: {mean} de media, lo más {most} en consulta {query}, clave {key}.</translation>
    </message>
    <message>
        <source>Head {head}: mean size {mean}, largest {most}</source>
        <translation>Cabeza {head}: tamaño medio {mean}, mayor {most}</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>Hecho de</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Entrada</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parámetros</translation>
    </message>
    <message>
        <source>Multiply-adds for an image</source>
        <translation>Multiplicaciones por imagen</translation>
    </message>
    <message>
        <source>Convolutions, pooling layers</source>
        <translation>Convoluciones, capas de agrupación</translation>
    </message>
    <message>
        <source>Attention layers, heads</source>
        <translation>Capas de atención, cabezas</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Clases</translation>
    </message>
    <message>
        <source>Time for an image, here</source>
        <translation>Tiempo por imagen, aquí</translation>
    </message>
    <message>
        <source>Memory, here</source>
        <translation>Memoria, aquí</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>convolutions</source>
        <translation>convoluciones</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>atención</translation>
    </message>
    <message>
        <source>convolutions and attention</source>
        <translation>convoluciones y atención</translation>
    </message>
    <message>
        <source>neither convolutions nor attention</source>
        <translation>ni convoluciones ni atención</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguna</translation>
    </message>
    <message>
        <source>{rows} × {columns} pixels</source>
        <translation>{rows} × {columns} píxeles</translation>
    </message>
</context>
<context>
    <name>CompareDamage</name>
    <message>
        <source>Robustness</source>
        <translation>Robustez</translation>
    </message>
    <message>
        <source>Drop patches</source>
        <translation>Quitar parches</translation>
    </message>
    <message>
        <source>Shuffle patches</source>
        <translation>Barajar parches</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Desplazar</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Desenfocar</translation>
    </message>
    <message>
        <source>A share of the patches becomes grey, as Naseer et al. 2021 do.</source>
        <translation>Una parte de los parches se vuelve gris, como hacen Naseer et al. 2021.</translation>
    </message>
    <message>
        <source>A share of the patches changes places.</source>
        <translation>Una parte de los parches cambia de lugar.</translation>
    </message>
    <message>
        <source>The image moves by so many pixels, right, down, left or up.</source>
        <translation>La imagen se mueve esos píxeles, a la derecha, abajo, a la izquierda o arriba.</translation>
    </message>
    <message>
        <source>A Gaussian of so many pixels.</source>
        <translation>Una gaussiana de esos píxeles.</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Probabilidad</translation>
    </message>
    <message>
        <source>Same answer</source>
        <translation>Misma respuesta</translation>
    </message>
    <message>
        <source>Right answer</source>
        <translation>Respuesta correcta</translation>
    </message>
    <message>
        <source>Mean probability of the true class, or of the first answer.</source>
        <translation>Probabilidad media de la clase verdadera, o de la primera respuesta.</translation>
    </message>
    <message>
        <source>How often the answer is still that of the intact image.</source>
        <translation>Cuántas veces la respuesta sigue siendo la de la imagen intacta.</translation>
    </message>
    <message>
        <source>How often the answer is true; for folders that name their classes.</source>
        <translation>Cuántas veces la respuesta es verdadera; para carpetas que nombran sus clases.</translation>
    </message>
    <message>
        <source>On the image on screen</source>
        <translation>En la imagen en pantalla</translation>
    </message>
    <message>
        <source>On the pictures of “{folder}”</source>
        <translation>En las imágenes de «{folder}»</translation>
    </message>
    <message>
        <source>{damage}: running…</source>
        <translation>{damage}: en marcha…</translation>
    </message>
    <message>
        <source>Share of the patches dropped</source>
        <translation>Parte de los parches quitada</translation>
    </message>
    <message>
        <source>Share of the patches shuffled</source>
        <translation>Parte de los parches barajada</translation>
    </message>
    <message>
        <source>Pixels moved</source>
        <translation>Píxeles movidos</translation>
    </message>
    <message>
        <source>Standard deviation of the blur, pixels</source>
        <translation>Desviación típica del desenfoque, píxeles</translation>
    </message>
    <message>
        <source>On ImageNet, with half of the patches dropped, DeiT-S keeps 70 % of its accuracy, ResNet-50 0.1 % (Naseer et al. 2021).</source>
        <translation>En ImageNet, sin la mitad de los parches, DeiT-S conserva el 70 % de su acierto y ResNet-50 el 0.1 % (Naseer et al. 2021).</translation>
    </message>
    <message>
        <source>This model names no classes: there is no answer to lose.</source>
        <translation>Este modelo no da clases: no hay respuesta que perder.</translation>
    </message>
    <message>
        <source>“Run” damages the image little by little and asks both models.</source>
        <translation>«Ejecutar» daña la imagen poco a poco y pregunta a ambos modelos.</translation>
    </message>
    <message>
        <source>At {strength}:</source>
        <translation>Con {strength}:</translation>
    </message>
    <message>
        <source>“{model}”: no true classes are known.</source>
        <translation>«{model}»: no se conocen clases verdaderas.</translation>
    </message>
    <message>
        <source>“{model}” keeps {share} %.</source>
        <translation>«{model}» conserva el {share} %.</translation>
    </message>
    <message>
        <source>Images: {images}; tries of each: {trials}; patches: {rows} × {columns}.</source>
        <translation>Imágenes: {images}; intentos de cada una: {trials}; parches: {rows} × {columns}.</translation>
    </message>
</context>
<context>
    <name>CompareDepth</name>
    <message>
        <source>What units see</source>
        <translation>Qué ven las unidades</translation>
    </message>
    <message>
        <source>A receptive field is the most that a unit can see; attention’s distance is how far heads look here.</source>
        <translation>Un campo receptivo es lo más que puede ver una unidad; la distancia de la atención es hasta dónde miran aquí las cabezas.</translation>
    </message>
    <message>
        <source>“{name}”: {pixels} pixels at last, of {image}.</source>
        <translation>«{name}»: {pixels} píxeles al final, de {image}.</translation>
    </message>
    <message>
        <source>“{name}”: {pixels} pixels at last ({low} to {high} by head), of {image}.</source>
        <translation>«{name}»: {pixels} píxeles al final ({low} a {high} según la cabeza), de {image}.</translation>
    </message>
    <message>
        <source>Nothing in “{name}” lies on the image.</source>
        <translation>Nada en «{name}» está sobre la imagen.</translation>
    </message>
    <message>
        <source>{name}: mean distance of attention</source>
        <translation>{name}: distancia media de la atención</translation>
    </message>
    <message>
        <source>{name}: a patch</source>
        <translation>{name}: un parche</translation>
    </message>
    <message>
        <source>{name}: receptive field</source>
        <translation>{name}: campo receptivo</translation>
    </message>
</context>
<context>
    <name>CompareLayers</name>
    <message>
        <source>Similar layers</source>
        <translation>Capas parecidas</translation>
    </message>
</context>
<context>
    <name>ComparePage</name>
    <message>
        <source>Left minus right</source>
        <translation>Izquierda − derecha</translation>
    </message>
    <message>
        <source>Difference of the two pictures</source>
        <translation>Diferencia de las dos imágenes</translation>
    </message>
    <message>
        <source>Difference of the patterns of all heads</source>
        <translation>Diferencia de los patrones de todas las cabezas</translation>
    </message>
    <message>
        <source>What differs between the models</source>
        <translation>En qué difieren los modelos</translation>
    </message>
    <message>
        <source>Measure time and memory</source>
        <translation>Medir tiempo y memoria</translation>
    </message>
    <message>
        <source>Run each model some times on this image, alone in its process.</source>
        <translation>Ejecuta cada modelo unas veces con esta imagen, solo en su proceso.</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacidad</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Measuring…</source>
        <translation>Midiendo…</translation>
    </message>
</context>
<context>
    <name>CopyMenu</name>
    <message>
        <source>Copy the number {number}</source>
        <translation>Copiar el número {number}</translation>
    </message>
    <message>
        <source>Copy the numbers as a table</source>
        <translation>Copiar los números como tabla</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>Copiar la imagen</translation>
    </message>
    <message>
        <source>PNG image</source>
        <translation>Imagen PNG</translation>
    </message>
    <message>
        <source>SVG drawing</source>
        <translation>Dibujo SVG</translation>
    </message>
    <message>
        <source>Save the picture (PNG, SVG)…</source>
        <translation>Guardar la imagen (PNG, SVG)…</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Guardar la imagen</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabla</translation>
    </message>
    <message>
        <source>NumPy arrays</source>
        <translation>Arreglos de NumPy</translation>
    </message>
    <message>
        <source>Save the numbers (CSV, NPZ)…</source>
        <translation>Guardar los números (CSV, NPZ)…</translation>
    </message>
    <message>
        <source>Save the numbers</source>
        <translation>Guardar los números</translation>
    </message>
</context>
<context>
    <name>Cross</name>
    <message>
        <source>Cross-attention</source>
        <translation>Atención cruzada</translation>
    </message>
    <message>
        <source>Encoder self-attention</source>
        <translation>Autoatención del codificador</translation>
    </message>
    <message>
        <source>Decoder self-attention</source>
        <translation>Autoatención del decodificador</translation>
    </message>
    <message>
        <source>{part}, mean over all layers and heads</source>
        <translation>{part}, media de todas las capas y cabezas</translation>
    </message>
    <message>
        <source>{part} {layer}, mean over heads</source>
        <translation>{part} {layer}, media de las cabezas</translation>
    </message>
    <message>
        <source>{part} {layer}, head {head}</source>
        <translation>{part} {layer}, cabeza {head}</translation>
    </message>
    <message>
        <source>The source shows the mean over the target. Point at a token on either side.</source>
        <translation>El origen muestra la media sobre el destino. Señala un token de cualquiera de los dos lados.</translation>
    </message>
    <message>
        <source>What “{token}” attends to: in the source, and in the target so far.</source>
        <translation>A qué atiende «{token}»: en el origen y en lo que va del destino.</translation>
    </message>
    <message>
        <source>What “{token}” attends to in the source, and which target tokens attend to it.</source>
        <translation>A qué atiende «{token}» en el origen y qué tokens del destino lo atienden.</translation>
    </message>
    <message>
        <source>Pinned; Esc lets go.</source>
        <translation>Fijado; Esc lo suelta.</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Destino</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Origen</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Sonido</translation>
    </message>
    <message>
        <source>Object queries</source>
        <translation>Consultas de objetos</translation>
    </message>
    <message>
        <source>Queries</source>
        <translation>Consultas</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Claves</translation>
    </message>
    <message>
        <source>{name}: {count} tokens</source>
        <translation>{name}: {count} tokens</translation>
    </message>
    <message>
        <source>This run shows no attention from one side to another: the queries and keys of its cross-attention could not be told apart. Look at the Tokens view instead.</source>
        <translation>Esta ejecución no muestra atención de un lado a otro: no se pudieron distinguir las consultas y las claves de su atención cruzada. Mira la vista Tokens.</translation>
    </message>
</context>
<context>
    <name>CrossControls</name>
    <message>
        <source>Encoder</source>
        <translation>Codificador</translation>
    </message>
    <message>
        <source>Self-attention within the source.</source>
        <translation>Autoatención dentro del origen.</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>Decodificador</translation>
    </message>
    <message>
        <source>Self-attention within the target.</source>
        <translation>Autoatención dentro del destino.</translation>
    </message>
    <message>
        <source>Cross</source>
        <translation>Cruzada</translation>
    </message>
    <message>
        <source>From each target token to the source.</source>
        <translation>De cada token del destino al origen.</translation>
    </message>
    <message>
        <source>Part of the model</source>
        <translation>Parte del modelo</translation>
    </message>
    <message>
        <source>One head</source>
        <translation>Una cabeza</translation>
    </message>
    <message>
        <source>The chosen head of the chosen layer.</source>
        <translation>La cabeza elegida de la capa elegida.</translation>
    </message>
    <message>
        <source>Mean of the layer</source>
        <translation>Media de la capa</translation>
    </message>
    <message>
        <source>The mean over the heads of the layer.</source>
        <translation>La media de las cabezas de la capa.</translation>
    </message>
    <message>
        <source>Mean of all</source>
        <translation>Media de todo</translation>
    </message>
    <message>
        <source>The mean over all heads of all layers.</source>
        <translation>La media de todas las cabezas de todas las capas.</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>Promedio</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>Enlaces</translation>
    </message>
    <message>
        <source>A line for each weight.</source>
        <translation>Una línea por cada peso.</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matriz</translation>
    </message>
    <message>
        <source>Queries down, keys across; the wheel magnifies.</source>
        <translation>Consultas en vertical, claves en horizontal; la rueda amplía.</translation>
    </message>
    <message>
        <source>Picture of the pattern</source>
        <translation>Imagen del patrón</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Cabeza</translation>
    </message>
    <message>
        <source>Target so far</source>
        <translation>Destino hasta aquí</translation>
    </message>
    <message>
        <source>Let the target grow token by token</source>
        <translation>Deja crecer el destino token a token</translation>
    </message>
</context>
<context>
    <name>CrossPage</name>
    <message>
        <source>Source, coloured by attention</source>
        <translation>Origen, coloreado por la atención</translation>
    </message>
    <message>
        <source>Target, coloured by attention</source>
        <translation>Destino, coloreado por la atención</translation>
    </message>
    <message>
        <source>Attention as links</source>
        <translation>Atención como enlaces</translation>
    </message>
    <message>
        <source>Attention pattern</source>
        <translation>Patrón de atención</translation>
    </message>
    <message>
        <source>Heads of this part</source>
        <translation>Cabezas de esta parte</translation>
    </message>
    <message>
        <source>Alignment</source>
        <translation>Alineación</translation>
    </message>
    <message>
        <source>What the model writes after this token; attention of a token serves the one that follows.</source>
        <translation>Lo que el modelo escribe después de este token; la atención de un token sirve al que le sigue.</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Destino</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Origen</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Peso</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Siguiente</translation>
    </message>
    <message>
        <source>The source token with the largest weight, special ones left out</source>
        <translation>El token de origen con mayor peso, sin contar los especiales</translation>
    </message>
    <message>
        <source>This pattern is too large to be drawn whole. Point at a token instead.</source>
        <translation>Este patrón es demasiado grande para dibujarlo entero. Señala un token.</translation>
    </message>
</context>
<context>
    <name>DamageControls</name>
    <message>
        <source>Damage</source>
        <translation>Daño</translation>
    </message>
    <message>
        <source>What is counted</source>
        <translation>Qué se cuenta</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>Intentos</translation>
    </message>
    <message>
        <source>So many random choices for each image and strength; the curve is their mean.</source>
        <translation>Tantas elecciones al azar por imagen y fuerza; la curva es su media.</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Carpeta…</translation>
    </message>
    <message>
        <source>Damage the pictures of a folder; folders within it named as classes tell the true answers.</source>
        <translation>Daña las imágenes de una carpeta; las carpetas de dentro con nombre de clase dicen las respuestas verdaderas.</translation>
    </message>
    <message>
        <source>This image</source>
        <translation>Esta imagen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ejecutar</translation>
    </message>
    <message>
        <source>A folder of pictures</source>
        <translation>Una carpeta de imágenes</translation>
    </message>
</context>
<context>
    <name>DamagePanel</name>
    <message>
        <source>Switching off every head once…</source>
        <translation>Apagando cada cabeza una vez…</translation>
    </message>
    <message>
        <source>Switching off every head once: {done} of {total}</source>
        <translation>Apagando cada cabeza una vez: {done} de {total}</translation>
    </message>
    <message>
        <source>Rewriting the graph…</source>
        <translation>Reescribiendo el grafo…</translation>
    </message>
    <message>
        <source>Ablate every head once</source>
        <translation>Ablacionar cada cabeza una vez</translation>
    </message>
    <message>
        <source>Switch off each head alone, run, and measure (Michel et al. 2019)</source>
        <translation>Apagar cada cabeza por separado, ejecutar y medir (Michel et al. 2019)</translation>
    </message>
    <message>
        <source>Logit</source>
        <translation>Logit</translation>
    </message>
    <message>
        <source>Change of the winning class’s logit</source>
        <translation>Cambio del logit de la clase ganadora</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Probabilidad</translation>
    </message>
    <message>
        <source>Change of the winning class’s probability</source>
        <translation>Cambio de la probabilidad de la clase ganadora</translation>
    </message>
    <message>
        <source>KL</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>KL(all heads ‖ one off) of what the model says, in nats</source>
        <translation>KL(todas las cabezas ‖ una apagada) de lo que dice el modelo, en nats</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Salidas</translation>
    </message>
    <message>
        <source>How far all outputs move: ‖one off − all heads‖ ÷ ‖all heads‖</source>
        <translation>Cuánto se mueven todas las salidas: ‖una apagada − todas las cabezas‖ ÷ ‖todas las cabezas‖</translation>
    </message>
    <message>
        <source>What is measured</source>
        <translation>Qué se mide</translation>
    </message>
    <message>
        <source>Damage of each head</source>
        <translation>Daño de cada cabeza</translation>
    </message>
    <message>
        <source>Which heads does this prediction need? Each is switched off alone, once.</source>
        <translation>¿Qué cabezas necesita esta predicción? Cada una se apaga por separado, una vez.</translation>
    </message>
</context>
<context>
    <name>DamageView</name>
    <message>
        <source>What is left of the answer, by damage</source>
        <translation>Qué queda de la respuesta, según el daño</translation>
    </message>
</context>
<context>
    <name>DepthView</name>
    <message>
        <source>What one unit sees, layer by layer</source>
        <translation>Qué ve una unidad, capa por capa</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Píxeles</translation>
    </message>
    <message>
        <source>In pixels of each model’s own image.</source>
        <translation>En píxeles de la imagen propia de cada modelo.</translation>
    </message>
    <message>
        <source>Share of the image</source>
        <translation>Parte de la imagen</translation>
    </message>
    <message>
        <source>As a share of the image’s longer side.</source>
        <translation>Como parte del lado mayor de la imagen.</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Unidad</translation>
    </message>
    <message>
        <source>What one unit sees, by depth</source>
        <translation>Qué ve una unidad, por profundidad</translation>
    </message>
    <message>
        <source>Measuring attention’s distance</source>
        <translation>Midiendo la distancia de la atención</translation>
    </message>
    <message>
        <source>Share of the image’s longer side</source>
        <translation>Parte del lado mayor de la imagen</translation>
    </message>
    <message>
        <source>Depth: from the first layer to the last</source>
        <translation>Profundidad: de la primera capa a la última</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Drop to read this text</source>
        <translation>Suelta para leer este texto</translation>
    </message>
    <message>
        <source>Drop to run “{photo}” through “{model}”</source>
        <translation>Suelta para pasar «{photo}» por «{model}»</translation>
    </message>
    <message>
        <source>Drop to open the model “{model}”</source>
        <translation>Suelta para abrir el modelo «{model}»</translation>
    </message>
    <message>
        <source>Drop to look at “{photo}”</source>
        <translation>Suelta para mirar «{photo}»</translation>
    </message>
    <message>
        <source>Drop an ONNX model, a folder that holds one, or an image</source>
        <translation>Suelta un modelo ONNX, una carpeta que contenga uno, o una imagen</translation>
    </message>
</context>
<context>
    <name>EditList</name>
    <message>
        <source>None: the model as it is</source>
        <translation>Ninguno: el modelo tal como es</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Take all back</source>
        <translation>Deshacer todo</translation>
    </message>
    <message>
        <source>Changes made</source>
        <translation>Cambios hechos</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>Class evidence</source>
        <translation>Evidencia de clase</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Oclusión</translation>
    </message>
    <message>
        <source>chance</source>
        <translation>azar</translation>
    </message>
    <message>
        <source>Exact: the part of the class’s logit that comes from each place. Zhou et al. 2016.</source>
        <translation>Exacto: la parte del logit de la clase que viene de cada lugar. Zhou et al. 2016.</translation>
    </message>
    <message>
        <source>The direction in which the maps differ most, whatever the class. Muhammad and Yeasin 2020.</source>
        <translation>La dirección en que más difieren los mapas, sea cual sea la clase. Muhammad y Yeasin 2020.</translation>
    </message>
    <message>
        <source>Each map weighs as much as the class gains on the image shown through that map. Wang et al. 2020.</source>
        <translation>Cada mapa pesa lo que gana la clase con la imagen vista a través de ese mapa. Wang et al. 2020.</translation>
    </message>
    <message>
        <source>Each map weighs as much as the class loses without it. Desai and Ramaswamy 2020.</source>
        <translation>Cada mapa pesa lo que pierde la clase sin él. Desai y Ramaswamy 2020.</translation>
    </message>
    <message>
        <source>How much the probability falls while a square is hidden. Zeiler and Fergus 2014.</source>
        <translation>Cuánto baja la probabilidad al tapar un cuadrado. Zeiler y Fergus 2014.</translation>
    </message>
    <message>
        <source>Mean over random masks, each weighed by the probability that it leaves. Petsiuk et al. 2018.</source>
        <translation>Media de máscaras al azar, cada una pesada por la probabilidad que deja. Petsiuk et al. 2018.</translation>
    </message>
    <message>
        <source>“{name}” does not average maps for one linear layer: use another method.</source>
        <translation>«{name}» no promedia mapas para una sola capa lineal: usa otro método.</translation>
    </message>
    <message>
        <source>{method}, of no class in particular</source>
        <translation>{method}, de ninguna clase en particular</translation>
    </message>
    <message>
        <source>{method} for “{label}”</source>
        <translation>{method} para «{label}»</translation>
    </message>
    <message>
        <source>parts of the logit</source>
        <translation>partes del logit</translation>
    </message>
    <message>
        <source>parts of the probability</source>
        <translation>partes de la probabilidad</translation>
    </message>
    <message>
        <source>shares without a unit</source>
        <translation>proporciones sin unidad</translation>
    </message>
    <message>
        <source>parts of the output</source>
        <translation>partes de la salida</translation>
    </message>
    <message>
        <source>Mean of the map {mean} + bias {bias} = logit {logit}; the model’s own differs by {error}.</source>
        <translation>Media del mapa {mean} + sesgo {bias} = logit {logit}; el del modelo difiere en {error}.</translation>
    </message>
    <message>
        <source>Mean of the map {mean} + bias {bias} = logit {logit}.</source>
        <translation>Media del mapa {mean} + sesgo {bias} = logit {logit}.</translation>
    </message>
    <message>
        <source>Numbers are {unit}.</source>
        <translation>Los números son {unit}.</translation>
    </message>
    <message>
        <source>On the whole image the model says {score}.</source>
        <translation>Con la imagen entera el modelo dice {score}.</translation>
    </message>
    <message>
        <source>The model was asked about {count} images.</source>
        <translation>Se preguntó al modelo por {count} imágenes.</translation>
    </message>
    <message>
        <source>Largest: {value} at row {row}, column {column} of {rows} × {columns}.</source>
        <translation>Mayor: {value} en la fila {row}, columna {column} de {rows} × {columns}.</translation>
    </message>
    <message>
        <source>Row {row}, column {column} of {rows} × {columns}: {value}.</source>
        <translation>Fila {row}, columna {column} de {rows} × {columns}: {value}.</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>sin ejecutar</translation>
    </message>
    <message>
        <source>Deleting and inserting pixels…</source>
        <translation>Borrando e insertando píxeles…</translation>
    </message>
    <message>
        <source>{method}…</source>
        <translation>{method}…</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} en espera</translation>
    </message>
</context>
<context>
    <name>EvidenceControls</name>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
    <message>
        <source>Run all</source>
        <translation>Ejecutar todos</translation>
    </message>
    <message>
        <source>Run every method for this class, one after the other.</source>
        <translation>Ejecuta todos los métodos para esta clase, uno tras otro.</translation>
    </message>
    <message>
        <source>Test them</source>
        <translation>Ponerlos a prueba</translation>
    </message>
    <message>
        <source>Delete and insert pixels in the order of each map: the better a map, the faster the class goes and comes.</source>
        <translation>Borra e inserta píxeles en el orden de cada mapa: cuanto mejor es el mapa, antes se va y vuelve la clase.</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>Mapas</translation>
    </message>
    <message>
        <source>all</source>
        <translation>todos</translation>
    </message>
    <message>
        <source>So many maps are tried at most, those that vary most.</source>
        <translation>Se prueban como mucho estos mapas, los que más varían.</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>Máscaras</translation>
    </message>
    <message>
        <source>More masks take longer and give a smoother map.</source>
        <translation>Más máscaras tardan más y dan un mapa más suave.</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacidad</translation>
    </message>
    <message>
        <source>How much of the image the colours hide.</source>
        <translation>Cuánto tapan los colores la imagen.</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Suavizar</translation>
    </message>
    <message>
        <source>Blend the colours of neighbouring places; the numbers stay the same.</source>
        <translation>Mezcla los colores de lugares vecinos; los números siguen igual.</translation>
    </message>
    <message>
        <source>Against too</source>
        <translation>También en contra</translation>
    </message>
    <message>
        <source>What speaks against the class has colours of its own; else only what speaks for it.</source>
        <translation>Lo que habla en contra de la clase tiene colores propios; si no, solo lo que habla a favor.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Método</translation>
    </message>
    <message>
        <source>This model gives no numbers that could be asked about.</source>
        <translation>Este modelo no da números por los que se pueda preguntar.</translation>
    </message>
</context>
<context>
    <name>EvidencePage</name>
    <message>
        <source>Not run yet: click the method to run it.</source>
        <translation>Sin ejecutar aún: haz clic en el método para ejecutarlo.</translation>
    </message>
    <message>
        <source>Image and what speaks for the class</source>
        <translation>Imagen y lo que habla a favor de la clase</translation>
    </message>
    <message>
        <source>All methods</source>
        <translation>Todos los métodos</translation>
    </message>
    <message>
        <source>Probability as pixels are deleted</source>
        <translation>Probabilidad al borrar píxeles</translation>
    </message>
    <message>
        <source>Probability as pixels are inserted</source>
        <translation>Probabilidad al insertar píxeles</translation>
    </message>
    <message>
        <source>Click a method to run or see it; each has its own scale.</source>
        <translation>Haz clic en un método para ejecutarlo o verlo; cada uno tiene su escala.</translation>
    </message>
    <message>
        <source>Probability left</source>
        <translation>Probabilidad que queda</translation>
    </message>
    <message>
        <source>Probability gained</source>
        <translation>Probabilidad ganada</translation>
    </message>
    <message>
        <source>Pixels deleted</source>
        <translation>Píxeles borrados</translation>
    </message>
    <message>
        <source>Pixels inserted</source>
        <translation>Píxeles insertados</translation>
    </message>
    <message>
        <source>Area under the curve: ↓ deletion, small is good; ↑ insertion, large is good.</source>
        <translation>Área bajo la curva: ↓ al borrar, mejor pequeña; ↑ al insertar, mejor grande.</translation>
    </message>
    <message>
        <source>“Test them” shows how far each map can be trusted.</source>
        <translation>«Ponerlos a prueba» muestra cuánto fiarse de cada mapa.</translation>
    </message>
</context>
<context>
    <name>EvidenceView</name>
    <message>
        <source>Drop an image here: class evidence needs one.</source>
        <translation>Suelta una imagen aquí: la evidencia de clase la necesita.</translation>
    </message>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elige uno con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Drop an image here, or choose one with File ▸ Open.</source>
        <translation>Suelta una imagen aquí o elígela con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>“{name}” does not look at images. Open a model that does.</source>
        <translation>«{name}» no mira imágenes. Abre un modelo que sí.</translation>
    </message>
    <message>
        <source>running…</source>
        <translation>en marcha…</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>en espera…</translation>
    </message>
</context>
<context>
    <name>FeatureControls</name>
    <message>
        <source>Maps</source>
        <translation>Mapas</translation>
    </message>
    <message>
        <source>What the layer makes of this image.</source>
        <translation>Lo que la capa hace con esta imagen.</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>Núcleos</translation>
    </message>
    <message>
        <source>The weights that are slid over the layer’s input.</source>
        <translation>Los pesos que se deslizan sobre la entrada de la capa.</translation>
    </message>
    <message>
        <source>Maps or kernels</source>
        <translation>Mapas o núcleos</translation>
    </message>
    <message>
        <source>As computed</source>
        <translation>Tal cual</translation>
    </message>
    <message>
        <source>The numbers that the convolution gives.</source>
        <translation>Los números que da la convolución.</translation>
    </message>
    <message>
        <source>After normalisation and nonlinearity, where one follows the layer at once.</source>
        <translation>Después de la normalización y la no linealidad, donde siguen enseguida a la capa.</translation>
    </message>
    <message>
        <source>After activation</source>
        <translation>Tras la activación</translation>
    </message>
    <message>
        <source>Before or after the activation</source>
        <translation>Antes o después de la activación</translation>
    </message>
    <message>
        <source>Zero is in the middle of the colours: below and above it look different.</source>
        <translation>El cero está en medio de los colores: por debajo y por encima se ven distintos.</translation>
    </message>
    <message>
        <source>Both signs</source>
        <translation>Ambos signos</translation>
    </message>
    <message>
        <source>Colours begin at zero, what lies below has the first: what a ReLU lets through.</source>
        <translation>Los colores empiezan en cero y lo que está debajo tiene el primero: lo que una ReLU deja pasar.</translation>
    </message>
    <message>
        <source>Above zero</source>
        <translation>Sobre cero</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Signo</translation>
    </message>
    <message>
        <source>Scale per map</source>
        <translation>Escala por mapa</translation>
    </message>
    <message>
        <source>Every map has its own scale.</source>
        <translation>Cada mapa tiene su propia escala.</translation>
    </message>
    <message>
        <source>All maps of the layer share one scale, so that colours can be compared.</source>
        <translation>Todos los mapas de la capa comparten una escala, para que los colores se puedan comparar.</translation>
    </message>
    <message>
        <source>Shared scale</source>
        <translation>Escala común</translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation>Escala de color</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Mapa</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>Ordenar</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacidad</translation>
    </message>
    <message>
        <source>How much of the image the colours hide.</source>
        <translation>Cuánto tapan los colores la imagen.</translation>
    </message>
    <message>
        <source>Only of the last layer, where its maps are averaged for the classes.</source>
        <translation>Solo en la última capa, donde sus mapas se promedian para las clases.</translation>
    </message>
</context>
<context>
    <name>FeatureMaps</name>
    <message>
        <source>Feature maps</source>
        <translation>Mapas de características</translation>
    </message>
    <message>
        <source>in their own order</source>
        <translation>en su propio orden</translation>
    </message>
    <message>
        <source>by mean</source>
        <translation>por media</translation>
    </message>
    <message>
        <source>by largest number</source>
        <translation>por el número mayor</translation>
    </message>
    <message>
        <source>by variance</source>
        <translation>por varianza</translation>
    </message>
    <message>
        <source>by share of zeros</source>
        <translation>por proporción de ceros</translation>
    </message>
    <message>
        <source>by contribution to a class</source>
        <translation>por contribución a una clase</translation>
    </message>
    <message>
        <source>Layer {index}: {name}</source>
        <translation>Capa {index}: {name}</translation>
    </message>
    <message>
        <source>{maps} maps of {rows} × {columns}; kernel {kernel}, stride {stride}.</source>
        <translation>{maps} mapas de {rows} × {columns}; núcleo {kernel}, paso {stride}.</translation>
    </message>
    <message>
        <source>Every unit sees the whole image.</source>
        <translation>Cada unidad ve la imagen entera.</translation>
    </message>
    <message>
        <source>A unit sees {size} pixels.</source>
        <translation>Una unidad ve {size} píxeles.</translation>
    </message>
    <message>
        <source>A unit sees {size} pixels, and through a gate the whole image.</source>
        <translation>Una unidad ve {size} píxeles y, a través de una puerta, la imagen entera.</translation>
    </message>
    <message>
        <source>dilated {by}</source>
        <translation>dilatado {by}</translation>
    </message>
    <message>
        <source>depthwise</source>
        <translation>por canal</translation>
    </message>
    <message>
        <source>{groups} groups</source>
        <translation>{groups} grupos</translation>
    </message>
    <message>
        <source>Map {map} is the same everywhere on this image: {value}.</source>
        <translation>El mapa {map} es igual en toda esta imagen: {value}.</translation>
    </message>
    <message>
        <source>Map {map}: mean {mean}, from {low} to {high}.</source>
        <translation>Mapa {map}: media {mean}, de {low} a {high}.</translation>
    </message>
    <message>
        <source>Variance {variance}; {share} % above zero, {zeros} % zeros.</source>
        <translation>Varianza {variance}; {share} % sobre cero, {zeros} % de ceros.</translation>
    </message>
    <message>
        <source>It adds {value} to the logit of “{label}”.</source>
        <translation>Suma {value} al logit de «{label}».</translation>
    </message>
    <message>
        <source>{count} maps {order}.</source>
        <translation>{count} mapas {order}.</translation>
    </message>
    <message>
        <source>Dead: {dead}; nowhere above zero: {shut}. {where}</source>
        <translation>Muertos: {dead}; nunca sobre cero: {shut}. {where}</translation>
    </message>
    <message>
        <source>Dead here: {here}; on every picture: {dead}{which}. {where}</source>
        <translation>Muertos aquí: {here}; en todas las imágenes: {dead}{which}. {where}</translation>
    </message>
    <message>
        <source>Point at a place to see what that unit can see of the image.</source>
        <translation>Apunta a un lugar para ver qué alcanza a ver esa unidad de la imagen.</translation>
    </message>
    <message>
        <source>Row {row}, column {column}: {value}.</source>
        <translation>Fila {row}, columna {column}: {value}.</translation>
    </message>
    <message>
        <source>It can see rows {top} to {bottom} and columns {left} to {right} of {rows} × {columns} pixels.</source>
        <translation>Puede ver las filas {top} a {bottom} y las columnas {left} a {right} de {rows} × {columns} píxeles.</translation>
    </message>
    <message>
        <source>How much the unit changes while a place is hidden ({count}).</source>
        <translation>Cuánto cambia la unidad al tapar cada lugar ({count}).</translation>
    </message>
    <message>
        <source>{held} % of the change: in {rows} × {columns} pixels, {area} % of the field.</source>
        <translation>{held} % del cambio: en {rows} × {columns} píxeles, {area} % del campo.</translation>
    </message>
    <message>
        <source>The kernels are being read…</source>
        <translation>Se están leyendo los núcleos…</translation>
    </message>
    <message>
        <source>{count} kernels over the image’s colours; grey is zero.</source>
        <translation>{count} núcleos sobre los colores de la imagen; el gris es cero.</translation>
    </message>
    <message>
        <source>{count} kernels, one for each map.</source>
        <translation>{count} núcleos, uno por mapa.</translation>
    </message>
    <message>
        <source>The kernel of map {map}, over each of its {inputs} inputs.</source>
        <translation>El núcleo del mapa {map}, sobre cada una de sus {inputs} entradas.</translation>
    </message>
    <message>
        <source>Each kernel has its own scale.</source>
        <translation>Cada núcleo tiene su propia escala.</translation>
    </message>
    <message>
        <source>All share one scale.</source>
        <translation>Todos comparten una escala.</translation>
    </message>
    <message>
        <source>Kernel of map {map}: from {low} to {high}</source>
        <translation>Núcleo del mapa {map}: de {low} a {high}</translation>
    </message>
    <message>
        <source>Kernel of map {map} over input {input}: from {low} to {high}</source>
        <translation>Núcleo del mapa {map} sobre la entrada {input}: de {low} a {high}</translation>
    </message>
</context>
<context>
    <name>FeatureMapsView</name>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elige uno con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Drop an image here, or choose one with File ▸ Open: every feature map will appear.</source>
        <translation>Suelta una imagen aquí o elígela con Archivo ▸ Abrir: aparecerán todos los mapas de características.</translation>
    </message>
    <message>
        <source>“{name}” has no convolutions. Open a convolutional network to see its feature maps.</source>
        <translation>«{name}» no tiene convoluciones. Abre una red convolucional para ver sus mapas de características.</translation>
    </message>
    <message>
        <source>A folder of pictures</source>
        <translation>Una carpeta de imágenes</translation>
    </message>
    <message>
        <source>Looking at the maps of every picture…</source>
        <translation>Mirando los mapas de cada imagen…</translation>
    </message>
    <message>
        <source>Measuring what the unit looks at…</source>
        <translation>Midiendo lo que mira la unidad…</translation>
    </message>
</context>
<context>
    <name>FeaturePage</name>
    <message>
        <source>Image and the chosen feature map</source>
        <translation>Imagen y el mapa de características elegido</translation>
    </message>
    <message>
        <source>All feature maps of the layer</source>
        <translation>Todos los mapas de características de la capa</translation>
    </message>
    <message>
        <source>Convolutions</source>
        <translation>Convoluciones</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Medir</translation>
    </message>
    <message>
        <source>What the pinned unit really looks at, by hiding squares of the image. Click a place first.</source>
        <translation>Qué mira de verdad la unidad fijada, tapando cuadrados de la imagen. Haz clic antes en un lugar.</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Carpeta…</translation>
    </message>
    <message>
        <source>Look for maps that are dead on every picture of a folder.</source>
        <translation>Busca mapas muertos en todas las imágenes de una carpeta.</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Models, images, texts and sounds</source>
        <translation>Modelos, imágenes, textos y sonidos</translation>
    </message>
    <message>
        <source>ONNX models</source>
        <translation>Modelos ONNX</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Imágenes</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textos</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>Sonidos</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Todos los archivos</translation>
    </message>
    <message>
        <source>Open a model, an image, a text or a sound</source>
        <translation>Abrir un modelo, una imagen, un texto o un sonido</translation>
    </message>
    <message>
        <source>Open a folder that holds an ONNX model</source>
        <translation>Abrir una carpeta que contenga un modelo ONNX</translation>
    </message>
</context>
<context>
    <name>Frame</name>
    <message>
        <source>Attention</source>
        <translation>Atención</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Tokens and positions</source>
        <translation>Tokens y posiciones</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>Convolución</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>¿Y si…?</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
</context>
<context>
    <name>Generation</name>
    <message>
        <source>Generation</source>
        <translation>Generación</translation>
    </message>
    <message>
        <source>Next token (place {place})</source>
        <translation>Siguiente token (posición {place})</translation>
    </message>
    <message>
        <source>Token at place {place}</source>
        <translation>Token de la posición {place}</translation>
    </message>
    <message>
        <source>What could come next. Click a token to have it come, whatever is likely.</source>
        <translation>Lo que podría venir. Haz clic en un token para que venga, sea probable o no.</translation>
    </message>
    <message>
        <source>What could have stood here. Click another token to see what follows it.</source>
        <translation>Lo que podría haber aquí. Haz clic en otro token para ver qué le sigue.</translation>
    </message>
    <message>
        <source>“{piece}”, id {id}: probability {probability}, logit {logit}</source>
        <translation>«{piece}», id {id}: probabilidad {probability}, logit {logit}</translation>
    </message>
    <message>
        <source>It ended by itself: the end token came.</source>
        <translation>Terminó por sí solo: salió el token final.</translation>
    </message>
    <message>
        <source>It stopped after as many tokens as were asked for.</source>
        <translation>Se detuvo tras los tokens pedidos.</translation>
    </message>
    <message>
        <source>It stopped: the model has no more positions.</source>
        <translation>Se detuvo: el modelo no tiene más posiciones.</translation>
    </message>
    <message>
        <source>{count} tokens. The colour is the probability that the model gave each.</source>
        <translation>{count} tokens. El color es la probabilidad que el modelo dio a cada uno.</translation>
    </message>
    <message>
        <source>What each token may look at, when place {place} is written</source>
        <translation>Qué puede mirar cada token al escribir la posición {place}</translation>
    </message>
    <message>
        <source>Bright: the row computed in this step. Dim: rows kept in the cache.</source>
        <translation>Claro: la fila calculada en este paso. Tenue: filas guardadas en la caché.</translation>
    </message>
    <message>
        <source>Every row is computed again in each step. Dark: hidden, because it is to come.</source>
        <translation>Cada fila se vuelve a calcular en cada paso. Oscuro: oculto, porque aún no ha llegado.</translation>
    </message>
    <message>
        <source>No causal attention over these tokens was found, or there are too many to draw.</source>
        <translation>No se encontró atención causal sobre estos tokens, o son demasiados para dibujarlos.</translation>
    </message>
    <message>
        <source>Type a text in the panel: the model goes on from there.</source>
        <translation>Escribe un texto en el panel: el modelo sigue a partir de ahí.</translation>
    </message>
</context>
<context>
    <name>GenerationControls</name>
    <message>
        <source>Greedy</source>
        <translation>Voraz</translation>
    </message>
    <message>
        <source>Always the most likely token.</source>
        <translation>Siempre el token más probable.</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>Muestreo</translation>
    </message>
    <message>
        <source>Tokens are drawn by their probability.</source>
        <translation>Los tokens se sortean según su probabilidad.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Método</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatura</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Los k mejores</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semilla</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Como mucho</translation>
    </message>
    <message>
        <source>Below 1 the likely tokens become likelier, above 1 the unlikely ones.</source>
        <translation>Por debajo de 1 ganan los tokens probables; por encima de 1, los improbables.</translation>
    </message>
    <message>
        <source>Draw among this many most likely tokens.</source>
        <translation>Sortear entre estos tokens más probables.</translation>
    </message>
    <message>
        <source>The same seed draws the same tokens again.</source>
        <translation>La misma semilla vuelve a sortear los mismos tokens.</translation>
    </message>
    <message>
        <source>So many tokens are generated at most.</source>
        <translation>Se generan como mucho estos tokens.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>todos</translation>
    </message>
    <message>
        <source>Keep keys and values</source>
        <translation>Guardar claves y valores</translation>
    </message>
    <message>
        <source>Next token</source>
        <translation>Token siguiente</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Generar</translation>
    </message>
    <message>
        <source>Back to the start</source>
        <translation>Volver al principio</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Tokens generated</source>
        <translation>Tokens generados</translation>
    </message>
    <message>
        <source>With the cache each step reads one token; without it, the whole text again.</source>
        <translation>Con la caché cada paso lee un solo token; sin ella, todo el texto otra vez.</translation>
    </message>
    <message>
        <source>This model was exported without a cache of keys and values.</source>
        <translation>Este modelo se exportó sin caché de claves y valores.</translation>
    </message>
</context>
<context>
    <name>GenerationView</name>
    <message>
        <source>Text so far</source>
        <translation>Texto hasta aquí</translation>
    </message>
    <message>
        <source>Text so far, coloured by probability</source>
        <translation>Texto hasta aquí, coloreado por probabilidad</translation>
    </message>
    <message>
        <source>Tokens that could stand here</source>
        <translation>Tokens que podrían estar aquí</translation>
    </message>
    <message>
        <source>Causal mask</source>
        <translation>Máscara causal</translation>
    </message>
</context>
<context>
    <name>HeadChooser</name>
    <message>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Cabeza</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>Consulta</translation>
    </message>
</context>
<context>
    <name>HeadToggles</name>
    <message>
        <source>Head {head}</source>
        <translation>Cabeza {head}</translation>
    </message>
</context>
<context>
    <name>Heads</name>
    <message>
        <source>class</source>
        <translation>clase</translation>
    </message>
    <message>
        <source>distillation</source>
        <translation>destilación</translation>
    </message>
    <message>
        <source>register {number}</source>
        <translation>registro {number}</translation>
    </message>
    <message>
        <source>special {number}</source>
        <translation>especial {number}</translation>
    </message>
    <message>
        <source>token {token} “{piece}”</source>
        <translation>token {token} «{piece}»</translation>
    </message>
    <message>
        <source>{token} “{piece}”</source>
        <translation>{token} «{piece}»</translation>
    </message>
    <message>
        <source>Layer {layer}, mean over heads</source>
        <translation>Capa {layer}, media de las cabezas</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}</source>
        <translation>Capa {layer}, cabeza {head}</translation>
    </message>
    <message>
        <source>weight × ‖v W_O‖</source>
        <translation>peso × ‖v W_O‖</translation>
    </message>
    <message>
        <source>weight × ‖v‖ (W_O not known)</source>
        <translation>peso × ‖v‖ (W_O no se conoce)</translation>
    </message>
    <message>
        <source>weight × ‖v W_O‖ (‖v‖ in {plain} layers)</source>
        <translation>peso × ‖v W_O‖ (‖v‖ en {plain} capas)</translation>
    </message>
    <message>
        <source>Mean over all queries. Point at a token to see its own.</source>
        <translation>Media de todas las consultas. Señala un token para ver la suya.</translation>
    </message>
    <message>
        <source>Mean over all queries. Point at a patch to see its own.</source>
        <translation>Media de todas las consultas. Señala un parche para ver la suya.</translation>
    </message>
    <message>
        <source>What the class token attends to.</source>
        <translation>A qué dirige su atención el token de clase.</translation>
    </message>
    <message>
        <source>What attends to {token}.</source>
        <translation>Qué dirige su atención hacia {token}.</translation>
    </message>
    <message>
        <source>What {token} attends to.</source>
        <translation>A qué dirige su atención {token}.</translation>
    </message>
    <message>
        <source>Pinned; Esc lets go.</source>
        <translation>Fijado; Esc lo suelta.</translation>
    </message>
    <message>
        <source>token {token}</source>
        <translation>el token {token}</translation>
    </message>
    <message>
        <source>special token “{name}”</source>
        <translation>el token especial «{name}»</translation>
    </message>
    <message>
        <source>row {row}, column {column}</source>
        <translation>el parche de la fila {row}, columna {column}</translation>
    </message>
    <message>
        <source>Read from the model’s own softmax.</source>
        <translation>Leído del softmax del propio modelo.</translation>
    </message>
    <message>
        <source>Checked against the model’s own softmax: largest difference {error}.</source>
        <translation>Comprobado con el softmax del propio modelo: diferencia máxima {error}.</translation>
    </message>
    <message>
        <source>Recomputed from queries and keys.</source>
        <translation>Recalculado a partir de consultas y claves.</translation>
    </message>
    <message>
        <source>Patch grid guessed from the number of tokens: {rows} × {columns}.</source>
        <translation>Cuadrícula de parches supuesta por el número de tokens: {rows} × {columns}.</translation>
    </message>
    <message>
        <source>Rows: layers ({layers}) · Columns: heads ({heads})</source>
        <translation>Filas: capas ({layers}) · Columnas: cabezas ({heads})</translation>
    </message>
    <message>
        <source>computing…</source>
        <translation>calculando…</translation>
    </message>
</context>
<context>
    <name>HeadsControls</name>
    <message>
        <source>From this patch</source>
        <translation>Desde este parche</translation>
    </message>
    <message>
        <source>What the patch under the pointer attends to.</source>
        <translation>A qué dirige su atención el parche que está bajo el puntero.</translation>
    </message>
    <message>
        <source>To this patch</source>
        <translation>Hacia este parche</translation>
    </message>
    <message>
        <source>What attends to the patch under the pointer.</source>
        <translation>Qué dirige su atención hacia el parche que está bajo el puntero.</translation>
    </message>
    <message>
        <source>Class token</source>
        <translation>Token de clase</translation>
    </message>
    <message>
        <source>What the class token attends to.</source>
        <translation>A qué dirige su atención el token de clase.</translation>
    </message>
    <message>
        <source>This head</source>
        <translation>Esta cabeza</translation>
    </message>
    <message>
        <source>The large picture shows the chosen head.</source>
        <translation>La imagen grande muestra la cabeza elegida.</translation>
    </message>
    <message>
        <source>Mean of heads</source>
        <translation>Media de cabezas</translation>
    </message>
    <message>
        <source>The large picture shows the mean over the heads of the layer.</source>
        <translation>La imagen grande muestra la media de las cabezas de la capa.</translation>
    </message>
    <message>
        <source>Every head has its own scale: its largest number gets the last colour.</source>
        <translation>Cada cabeza tiene su propia escala: su número mayor lleva el último color.</translation>
    </message>
    <message>
        <source>Scale per head</source>
        <translation>Escala por cabeza</translation>
    </message>
    <message>
        <source>All heads of all layers share one scale, so that colours can be compared.</source>
        <translation>Todas las cabezas de todas las capas comparten una escala, de modo que los colores se pueden comparar.</translation>
    </message>
    <message>
        <source>Shared scale</source>
        <translation>Escala común</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacidad</translation>
    </message>
    <message>
        <source>How much of the image the colours hide.</source>
        <translation>Cuánto tapan los colores la imagen.</translation>
    </message>
    <message>
        <source>× ‖value‖</source>
        <translation>× ‖valor‖</translation>
    </message>
    <message>
        <source>Each weight is multiplied by the norm of what the head takes from that token, its value through W_O (Kobayashi et al. 2020).</source>
        <translation>Cada peso se multiplica por la norma de lo que la cabeza toma de ese token, su valor a través de W_O (Kobayashi et al. 2020).</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Suavizar</translation>
    </message>
    <message>
        <source>Blend the colours of neighbouring patches; the numbers stay the same.</source>
        <translation>Funde los colores de parches vecinos; los números no cambian.</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>Cabezas</translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation>Escala de color</translation>
    </message>
    <message>
        <source>From this token</source>
        <translation>Desde este token</translation>
    </message>
    <message>
        <source>What the token under the pointer attends to.</source>
        <translation>A qué dirige su atención el token que está bajo el puntero.</translation>
    </message>
    <message>
        <source>To this token</source>
        <translation>Hacia este token</translation>
    </message>
    <message>
        <source>What attends to the token under the pointer.</source>
        <translation>Qué dirige su atención hacia el token que está bajo el puntero.</translation>
    </message>
</context>
<context>
    <name>HeadsPage</name>
    <message>
        <source>All heads</source>
        <translation>Todas las cabezas</translation>
    </message>
    <message>
        <source>Image and what the chosen head attends to</source>
        <translation>Imagen y aquello a lo que atiende la cabeza elegida</translation>
    </message>
    <message>
        <source>Attention pattern of the chosen head</source>
        <translation>Patrón de atención de la cabeza elegida</translation>
    </message>
    <message>
        <source>All heads of all layers</source>
        <translation>Todas las cabezas de todas las capas</translation>
    </message>
</context>
<context>
    <name>HeadsView</name>
    <message>
        <source>Heads</source>
        <translation>Cabezas</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>About Mirada</source>
        <translation>Acerca de Mirada</translation>
    </message>
    <message>
        <source>Mirada opens any ONNX attention model and shows what it looks at: every head, exactly, offline, on the very file that ships.

Free software under the Apache License 2.0. Made with Qt {qt}, ONNX Runtime and NumPy.</source>
        <translation>Mirada abre cualquier modelo de atención en ONNX y muestra a qué mira: cada cabeza, con exactitud, sin conexión, sobre el mismo archivo que se distribuye.

Software libre bajo la licencia Apache 2.0. Hecho con Qt {qt}, ONNX Runtime y NumPy.</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Atajos</translation>
    </message>
    <message>
        <source>Point at a patch</source>
        <translation>Señalar un parche</translation>
    </message>
    <message>
        <source>see what it attends to, in every head</source>
        <translation>ver a qué atiende, en cada cabeza</translation>
    </message>
    <message>
        <source>Click a patch</source>
        <translation>Hacer clic en un parche</translation>
    </message>
    <message>
        <source>pin it; again, or Esc, unpins it</source>
        <translation>fijarlo; otra vez, o Esc, lo suelta</translation>
    </message>
    <message>
        <source>Click a thumbnail</source>
        <translation>Hacer clic en una miniatura</translation>
    </message>
    <message>
        <source>see that head large</source>
        <translation>ver esa cabeza en grande</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>Flechas</translation>
    </message>
    <message>
        <source>walk over patches, or over heads</source>
        <translation>recorrer los parches, o las cabezas</translation>
    </message>
    <message>
        <source>Drag a patch, Ctrl and arrows</source>
        <translation>Arrastrar un parche, Ctrl y flechas</translation>
    </message>
    <message>
        <source>exchange two patches (Patches)</source>
        <translation>intercambiar dos parches (Parches)</translation>
    </message>
</context>
<context>
    <name>ImageCanvas</name>
    <message>
        <source>Row {row}, column {column} (token {token})</source>
        <translation>Fila {row}, columna {column} (token {token})</translation>
    </message>
    <message>
        <source>{name} (token {token}; its role is guessed)</source>
        <translation>{name} (token {token}; su función es una suposición)</translation>
    </message>
    <message>
        <source>{where}: {value}</source>
        <translation>{where}: {value}</translation>
    </message>
    <message>
        <source>special token</source>
        <translation>token especial</translation>
    </message>
</context>
<context>
    <name>LayerGrid</name>
    <message>
        <source>Here: {value} at row {row}, column {column}</source>
        <translation>Aquí: {value} en la fila {row}, columna {column}</translation>
    </message>
</context>
<context>
    <name>LayerModel</name>
    <message>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>Núcleo</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>Paso</translation>
    </message>
    <message>
        <source>Maps in → out</source>
        <translation>Mapas entran → salen</translation>
    </message>
    <message>
        <source>Size of a map</source>
        <translation>Tamaño del mapa</translation>
    </message>
    <message>
        <source>Receptive field</source>
        <translation>Campo receptivo</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Salto</translation>
    </message>
    <message>
        <source>Place in the order of execution</source>
        <translation>Lugar en el orden de ejecución</translation>
    </message>
    <message>
        <source>Name of the operator in the graph</source>
        <translation>Nombre del operador en el grafo</translation>
    </message>
    <message>
        <source>Rows and columns of the kernel, in places of its input</source>
        <translation>Filas y columnas del núcleo, en lugares de su entrada</translation>
    </message>
    <message>
        <source>Places of its input from one place of the map to the next</source>
        <translation>Lugares de su entrada entre un lugar del mapa y el siguiente</translation>
    </message>
    <message>
        <source>How many maps come in and go out</source>
        <translation>Cuántos mapas entran y cuántos salen</translation>
    </message>
    <message>
        <source>Rows and columns of a map, at the model’s image size</source>
        <translation>Filas y columnas de un mapa, al tamaño de imagen del modelo</translation>
    </message>
    <message>
        <source>Pixels of the image that one unit can see at most, rows and columns</source>
        <translation>Píxeles de la imagen que una unidad puede ver como mucho, filas y columnas</translation>
    </message>
    <message>
        <source>Pixels of the image from one unit to the next</source>
        <translation>Píxeles de la imagen entre una unidad y la siguiente</translation>
    </message>
</context>
<context>
    <name>LayersView</name>
    <message>
        <source>Choose a folder of pictures…</source>
        <translation>Elegir una carpeta de imágenes…</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>Ejecutar otra vez</translation>
    </message>
    <message>
        <source>Pictures at most</source>
        <translation>Imágenes como mucho</translation>
    </message>
    <message>
        <source>More pictures take longer and make the numbers steadier.</source>
        <translation>Más imágenes tardan más y dan números más firmes.</translation>
    </message>
    <message>
        <source>Similarity of every pair of layers</source>
        <translation>Parecido de cada par de capas</translation>
    </message>
    <message>
        <source>Comparing layers…</source>
        <translation>Comparando capas…</translation>
    </message>
    <message>
        <source>A folder of pictures</source>
        <translation>Una carpeta de imágenes</translation>
    </message>
    <message>
        <source>Linear CKA: 1 where two layers tell the same pictures apart in the same way (Kornblith et al. 2019).</source>
        <translation>CKA lineal: 1 donde dos capas distinguen las mismas imágenes de la misma forma (Kornblith et al. 2019).</translation>
    </message>
    <message>
        <source>Choose a folder with some dozens of pictures; a model alone is compared with itself.</source>
        <translation>Elige una carpeta con unas decenas de imágenes; un modelo solo se compara consigo mismo.</translation>
    </message>
    <message>
        <source>Pictures of “{folder}” used: {count}.</source>
        <translation>Imágenes de «{folder}» usadas: {count}.</translation>
    </message>
    <message>
        <source>With another model beside it, the layers of both are compared.</source>
        <translation>Con otro modelo al lado se comparan las capas de ambos.</translation>
    </message>
    <message>
        <source>Most alike: {pair}</source>
        <translation>Más parecidas: {pair}</translation>
    </message>
</context>
<context>
    <name>LinkCanvas</name>
    <message>
        <source>“{piece}”; strongest link to “{other}”: {value}</source>
        <translation>«{piece}»; enlace más fuerte con «{other}»: {value}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>pasted image</source>
        <translation>imagen pegada</translation>
    </message>
</context>
<context>
    <name>MapChooser</name>
    <message>
        <source>Colour map</source>
        <translation>Mapa de color</translation>
    </message>
    <message>
        <source>Colour map; every one can be read without telling red from green.</source>
        <translation>Mapa de color; todos se leen sin distinguir el rojo del verde.</translation>
    </message>
</context>
<context>
    <name>MapsPanel</name>
    <message>
        <source>Maps of the positional encoding</source>
        <translation>Mapas de la codificación posicional</translation>
    </message>
    <message>
        <source>The map that is pointed at, large</source>
        <translation>El mapa señalado, en grande</translation>
    </message>
    <message>
        <source>row</source>
        <translation>fila</translation>
    </message>
    <message>
        <source>column</source>
        <translation>columna</translation>
    </message>
</context>
<context>
    <name>MatrixCanvas</name>
    <message>
        <source>Token {token}</source>
        <translation>Token {token}</translation>
    </message>
    <message>
        <source>Key {token}; most from query {other}: {value}</source>
        <translation>Clave {token}; la que más, la consulta {other}: {value}</translation>
    </message>
    <message>
        <source>Query {token}; most to key {other}: {value}</source>
        <translation>Consulta {token}; sobre todo a la clave {other}: {value}</translation>
    </message>
    <message>
        <source>Query {query}, key {key}: {value}</source>
        <translation>Consulta {query}, clave {key}: {value}</translation>
    </message>
    <message>
        <source>{token} “{piece}”</source>
        <translation>{token} «{piece}»</translation>
    </message>
    <message>
        <source>key</source>
        <translation>clave</translation>
    </message>
    <message>
        <source>query</source>
        <translation>consulta</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Open…</source>
        <translation>&amp;Abrir…</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>Abrir &amp;carpeta…</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Pegar</translation>
    </message>
    <message>
        <source>&amp;Save picture…</source>
        <translation>&amp;Guardar imagen…</translation>
    </message>
    <message>
        <source>&amp;Export data…</source>
        <translation>&amp;Exportar datos…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Salir</translation>
    </message>
    <message>
        <source>&amp;Rerun</source>
        <translation>&amp;Volver a ejecutar</translation>
    </message>
    <message>
        <source>&amp;Cancel what is running</source>
        <translation>&amp;Cancelar lo que se ejecuta</translation>
    </message>
    <message>
        <source>Side &amp;panel</source>
        <translation>&amp;Panel lateral</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>Pantalla &amp;completa</translation>
    </message>
    <message>
        <source>Si&amp;nusoidal positions…</source>
        <translation>Posiciones si&amp;nusoidales…</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>&amp;Atajos</translation>
    </message>
    <message>
        <source>&amp;About Mirada</source>
        <translation>Acerca &amp;de Mirada</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Archivo</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ver</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modelo</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;yuda</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>Abrir &amp;reciente</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Tema</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Idioma</translation>
    </message>
    <message>
        <source>Sample &amp;images</source>
        <translation>&amp;Imágenes de muestra</translation>
    </message>
    <message>
        <source>Sample &amp;sentences</source>
        <translation>&amp;Frases de ejemplo</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Como el &amp;sistema</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Claro</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Oscuro</translation>
    </message>
    <message>
        <source>{file} (not there any more)</source>
        <translation>{file} (ya no está)</translation>
    </message>
    <message>
        <source>&amp;Clear this list</source>
        <translation>&amp;Vaciar esta lista</translation>
    </message>
    <message>
        <source>Nothing opened yet</source>
        <translation>Aún no se ha abierto nada</translation>
    </message>
</context>
<context>
    <name>Metrics</name>
    <message>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Cabeza</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Etiqueta</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>Entropía</translation>
    </message>
    <message>
        <source>Effective tokens</source>
        <translation>Tokens efectivos</translation>
    </message>
    <message>
        <source>Largest weight</source>
        <translation>Mayor peso</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Distancia</translation>
    </message>
    <message>
        <source>Special tokens</source>
        <translation>Tokens especiales</translation>
    </message>
    <message>
        <source>Special, by value</source>
        <translation>Especiales, por valor</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>Primer token</translation>
    </message>
    <message>
        <source>Itself</source>
        <translation>Sí mismo</translation>
    </message>
    <message>
        <source>Previous token</source>
        <translation>Token anterior</translation>
    </message>
    <message>
        <source>Next token</source>
        <translation>Token siguiente</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Parecido</translation>
    </message>
    <message>
        <source>Number of the attention layer, from 0.</source>
        <translation>Número de la capa de atención, desde 0.</translation>
    </message>
    <message>
        <source>Number of the attention head, from 0.</source>
        <translation>Número de la cabeza de atención, desde 0.</translation>
    </message>
    <message>
        <source>What kind of head it is on this input; the tooltip of each label says why.</source>
        <translation>Qué clase de cabeza es con esta entrada; al señalar cada etiqueta se dice por qué.</translation>
    </message>
    <message>
        <source>Mean entropy of the rows in nats: 0 for one token, ln n for uniform (Clark et al. 2019).</source>
        <translation>Entropía media de las filas en nats: 0 si atiende a un solo token, ln n si es uniforme (Clark et al. 2019).</translation>
    </message>
    <message>
        <source>exp(entropy), mean over the rows: so many tokens, attended to equally, have the same entropy.</source>
        <translation>exp(entropía), media de las filas: otros tantos tokens atendidos por igual tienen la misma entropía.</translation>
    </message>
    <message>
        <source>Mean of the largest weight of each row (confidence, Voita et al. 2019).</source>
        <translation>Media del mayor peso de cada fila (confianza, Voita et al. 2019).</translation>
    </message>
    <message>
        <source>Mean distance from the query to what it attends to (Dosovitskiy et al. 2021, D.7).</source>
        <translation>Distancia media de la consulta a lo que atiende (Dosovitskiy et al. 2021, D.7).</translation>
    </message>
    <message>
        <source>Mean weight on special tokens: class, distillation, registers (Clark et al. 2019).</source>
        <translation>Peso medio en tokens especiales: clase, destilación, registros (Clark et al. 2019).</translation>
    </message>
    <message>
        <source>Share of weight × ‖value‖ on special tokens, else on the first token: what is really taken from them (Kobayashi et al. 2020).</source>
        <translation>Parte de peso × ‖valor‖ en tokens especiales o, si no los hay, en el primero: lo que de verdad se toma de ellos (Kobayashi et al. 2020).</translation>
    </message>
    <message>
        <source>Mean weight on the first token, the usual sink (Xiao et al. 2024).</source>
        <translation>Peso medio en el primer token, el sumidero habitual (Xiao et al. 2024).</translation>
    </message>
    <message>
        <source>Mean weight of a token on itself (Clark et al. 2019).</source>
        <translation>Peso medio de un token en sí mismo (Clark et al. 2019).</translation>
    </message>
    <message>
        <source>Mean weight on the token before (Clark et al. 2019).</source>
        <translation>Peso medio en el token anterior (Clark et al. 2019).</translation>
    </message>
    <message>
        <source>Mean weight on the token after (Clark et al. 2019).</source>
        <translation>Peso medio en el token siguiente (Clark et al. 2019).</translation>
    </message>
    <message>
        <source>Mean cosine between this head’s pattern and those of the other heads of its layer.</source>
        <translation>Coseno medio entre el patrón de esta cabeza y los de las demás cabezas de su capa.</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>tokens</translation>
    </message>
    <message>
        <source>positional</source>
        <translation>posicional</translation>
    </message>
    <message>
        <source>sink</source>
        <translation>sumidero</translation>
    </message>
    <message>
        <source>local</source>
        <translation>local</translation>
    </message>
    <message>
        <source>global</source>
        <translation>global</translation>
    </message>
    <message>
        <source>Positional: the largest weight is on the same relative position in at least {percent} % of the queries that have one there (Voita et al. 2019).</source>
        <translation>Posicional: el mayor peso está en la misma posición relativa en al menos el {percent} % de las consultas que la tienen (Voita et al. 2019).</translation>
    </message>
    <message>
        <source>Sink: at least {percent} % of the weight is on special tokens or on the first token (after Clark et al. 2019 and Xiao et al. 2024; Mirada’s threshold).</source>
        <translation>Sumidero: al menos el {percent} % del peso está en tokens especiales o en el primer token (según Clark et al. 2019 y Xiao et al. 2024; umbral de Mirada).</translation>
    </message>
    <message>
        <source>Local: mean distance at most {ratio} of that of uniform attention on the same tokens (Mirada’s threshold; distance after Dosovitskiy et al. 2021).</source>
        <translation>Local: la distancia media es a lo sumo {ratio} veces la de la atención uniforme sobre los mismos tokens (umbral de Mirada; distancia según Dosovitskiy et al. 2021).</translation>
    </message>
    <message>
        <source>Global: mean distance at least {ratio} of that of uniform attention on the same tokens (Mirada’s threshold; distance after Dosovitskiy et al. 2021).</source>
        <translation>Global: la distancia media es al menos {ratio} veces la de la atención uniforme sobre los mismos tokens (umbral de Mirada; distancia según Dosovitskiy et al. 2021).</translation>
    </message>
    <message>
        <source>Not computed yet.</source>
        <translation>Aún no calculado.</translation>
    </message>
    <message>
        <source>No threshold is met.</source>
        <translation>No alcanza ningún umbral.</translation>
    </message>
    <message>
        <source>Here: {percent} % on relative position {offset}.</source>
        <translation>Aquí: {percent} % en la posición relativa {offset}.</translation>
    </message>
    <message>
        <source>Here: distance {ratio} of uniform attention’s {uniform}.</source>
        <translation>Aquí: distancia {ratio} veces la de la atención uniforme, {uniform}.</translation>
    </message>
    <message>
        <source>{count} heads in {layers} layers · chosen: layer {layer}, head {head}</source>
        <translation>{count} cabezas en {layers} capas · elegida: capa {layer}, cabeza {head}</translation>
    </message>
    <message>
        <source>Stopped: {done} of {layers} layers computed.</source>
        <translation>Detenido: {done} de {layers} capas calculadas.</translation>
    </message>
    <message>
        <source>Computing: {done} of {layers} layers…</source>
        <translation>Calculando: {done} de {layers} capas…</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}</source>
        <translation>Capa {layer}, cabeza {head}</translation>
    </message>
    <message>
        <source>Head metrics</source>
        <translation>Métricas de las cabezas</translation>
    </message>
</context>
<context>
    <name>MetricsPage</name>
    <message>
        <source>Plot</source>
        <translation>Mostrar</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Capas</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Etiquetas</translation>
    </message>
    <message>
        <source>All heads</source>
        <translation>Todas las cabezas</translation>
    </message>
    <message>
        <source>without label</source>
        <translation>sin etiqueta</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>Todas las capas</translation>
    </message>
    <message>
        <source>Numbers of all heads</source>
        <translation>Números de todas las cabezas</translation>
    </message>
    <message>
        <source>Numbers of all heads, by layer</source>
        <translation>Números de todas las cabezas, por capas</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>sin etiqueta</translation>
    </message>
    <message>
        <source>Layer, its heads side by side</source>
        <translation>Capa; sus cabezas, una junto a otra</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
</context>
<context>
    <name>MetricsView</name>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elígelo con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>No attention was found in “{name}”. Open another model.</source>
        <translation>No se encontró atención en «{name}». Abre otro modelo.</translation>
    </message>
</context>
<context>
    <name>Microscope</name>
    <message>
        <source>Q · K · V</source>
        <translation>Q · K · V</translation>
    </message>
    <message>
        <source>Most to: {places}.</source>
        <translation>Sobre todo a: {places}.</translation>
    </message>
    <message>
        <source>The graph has no tensor of this head’s output to compare with.</source>
        <translation>El grafo no tiene un tensor con la salida de esta cabeza con el que comparar.</translation>
    </message>
    <message>
        <source>The output and the graph’s own tensor differ by at most {difference}.</source>
        <translation>La salida y el tensor del propio grafo difieren como mucho en {difference}.</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}, query {token}</source>
        <translation>Capa {layer}, cabeza {head}, consulta {token}</translation>
    </message>
    <message>
        <source>x times the weights of this head: at most {gap} from the graph’s own tensor.</source>
        <translation>x por los pesos de esta cabeza: a lo sumo {gap} del tensor del propio grafo.</translation>
    </message>
    <message>
        <source>x times the weights of this head; before the product comes: {done}.</source>
        <translation>x por los pesos de esta cabeza; antes del producto viene: {done}.</translation>
    </message>
    <message>
        <source>x of the query</source>
        <translation>x de la consulta</translation>
    </message>
    <message>
        <source>x of the key</source>
        <translation>x de la clave</translation>
    </message>
    <message>
        <source>The token’s vector as it enters this attention.</source>
        <translation>El vector del token tal como entra en esta atención.</translation>
    </message>
    <message>
        <source>From the query {query} and the key {key} to q and k</source>
        <translation>De la consulta {query} y la clave {key} a q y k</translation>
    </message>
    <message>
        <source>q · k for the key {key}: {count} dimensions</source>
        <translation>q · k para la clave {key}: {count} dimensiones</translation>
    </message>
    <message>
        <source>Over the {count} keys</source>
        <translation>Sobre las {count} claves</translation>
    </message>
    <message>
        <source>Weight × value: {count} dimensions</source>
        <translation>Peso × valor: {count} dimensiones</translation>
    </message>
    <message>
        <source>q × k, summed</source>
        <translation>q × k, sumado</translation>
    </message>
    <message>
        <source>weight × v</source>
        <translation>peso × v</translation>
    </message>
    <message>
        <source>output: Σ over keys</source>
        <translation>salida: Σ de claves</translation>
    </message>
    <message>
        <source>the graph’s own</source>
        <translation>la del propio grafo</translation>
    </message>
    <message>
        <source>The softmax turns scores into weights that sum to 1; the largest are underlined.</source>
        <translation>El softmax convierte las puntuaciones en pesos que suman 1; los mayores están subrayados.</translation>
    </message>
    <message>
        <source>One score for each key; blue is below zero, red above.</source>
        <translation>Una puntuación por clave; azul es menor que cero, rojo mayor.</translation>
    </message>
    <message>
        <source>What the head passes on: the values, weighted and summed.</source>
        <translation>Lo que la cabeza transmite: los valores, ponderados y sumados.</translation>
    </message>
    <message>
        <source>Query times key, number by number; the sum is the score.</source>
        <translation>Consulta por clave, número a número; la suma es la puntuación.</translation>
    </message>
</context>
<context>
    <name>MicroscopeView</name>
    <message>
        <source>Image; choose the query patch</source>
        <translation>Imagen; elige el parche de consulta</translation>
    </message>
    <message>
        <source>Stages of attention, from query to output</source>
        <translation>Etapas de la atención, de la consulta a la salida</translation>
    </message>
</context>
<context>
    <name>MicroscopeWords</name>
    <message>
        <source>Queries: point at one</source>
        <translation>Consultas: señala una</translation>
    </message>
    <message>
        <source>Keys: the colour is the weight</source>
        <translation>Claves: el color es el peso</translation>
    </message>
    <message>
        <source>Text; choose the query token</source>
        <translation>Texto; elige el token de consulta</translation>
    </message>
    <message>
        <source>Text of the keys, coloured by the weights of the query</source>
        <translation>Texto de las claves, coloreado con los pesos de la consulta</translation>
    </message>
</context>
<context>
    <name>ModelFacts</name>
    <message>
        <source>Input</source>
        <translation>Entrada</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Atención</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Convolutions</source>
        <translation>Convoluciones</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parámetros</translation>
    </message>
    <message>
        <source>Opset</source>
        <translation>Opset</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>Hecho con</translation>
    </message>
    <message>
        <source>Run took</source>
        <translation>Ejecución</translation>
    </message>
    <message>
        <source>Largest error</source>
        <translation>Error máximo</translation>
    </message>
    <message>
        <source>Largest difference between a recomputed pattern and the model’s own softmax</source>
        <translation>Diferencia máxima entre un patrón recalculado y el softmax del propio modelo</translation>
    </message>
    <message>
        <source>Open a model to read its facts here.</source>
        <translation>Abre un modelo para leer aquí sus datos.</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>no se encontró</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n capa</numerusform>
            <numerusform>%n capas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n head(s)</source>
        <translation>
            <numerusform>%n cabeza</numerusform>
            <numerusform>%n cabezas</numerusform>
        </translation>
    </message>
    <message>
        <source>{least} to {most} heads</source>
        <translation>de {least} a {most} cabezas</translation>
    </message>
    <message>
        <source>{tokens} = {rows} × {columns} patches</source>
        <translation>{tokens} = {rows} × {columns} parches</translation>
    </message>
    <message numerus="yes">
        <source>%n special</source>
        <translation>
            <numerusform>%n especial</numerusform>
            <numerusform>%n especiales</numerusform>
        </translation>
    </message>
    <message>
        <source>(guessed)</source>
        <translation>(supuesto)</translation>
    </message>
</context>
<context>
    <name>Mosaic</name>
    <message>
        <source>Layer {layer}, head {head}</source>
        <translation>Capa {layer}, cabeza {head}</translation>
    </message>
    <message>
        <source>{title}
{name}
Nothing to show here yet</source>
        <translation>{title}
{name}
Aquí aún no hay nada que mostrar</translation>
    </message>
    <message>
        <source>{title}
{name}
Largest: {value} at row {row}, column {column}</source>
        <translation>{title}
{name}
El mayor: {value} en la fila {row}, columna {column}</translation>
    </message>
    <message>
        <source>Here: {value} at row {row}, column {column}</source>
        <translation>Aquí: {value} en la fila {row}, columna {column}</translation>
    </message>
</context>
<context>
    <name>NearMisses</name>
    <message>
        <source>Open a model: softmaxes that are not attention will be listed here.</source>
        <translation>Abre un modelo: aquí se listarán los softmax que no son atención.</translation>
    </message>
    <message>
        <source>Every softmax of this model was taken for attention.</source>
        <translation>Todos los softmax de este modelo se tomaron por atención.</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>y %n más</numerusform>
            <numerusform>y %n más</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticeRow</name>
    <message>
        <source>Close this message</source>
        <translation>Cerrar este mensaje</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The engine could not start ({cause}). Check that Mirada is installed completely.</source>
        <translation>El motor no pudo arrancar ({cause}). Comprueba que Mirada esté instalada por completo.</translation>
    </message>
    <message>
        <source>The engine stopped while it worked on “{names}” ({cause}). It has been started anew, and what is on screen is kept: try again, or open something else.</source>
        <translation>El motor se detuvo mientras trabajaba con «{names}» ({cause}). Se ha vuelto a arrancar y lo que está en pantalla se conserva: inténtalo de nuevo o abre otra cosa.</translation>
    </message>
    <message>
        <source>The engine stopped ({cause}). It has been started anew, and what is on screen is kept.</source>
        <translation>El motor se detuvo ({cause}). Se ha vuelto a arrancar y lo que está en pantalla se conserva.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Intentar de nuevo</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Arrancar de nuevo</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>exit code {code}</source>
        <translation>código de salida {code}</translation>
    </message>
    <message>
        <source>ended by the system, perhaps for want of memory</source>
        <translation>lo terminó el sistema, quizá por falta de memoria</translation>
    </message>
    <message>
        <source>the runtime crashed: {signal}</source>
        <translation>falló el entorno de ejecución: {signal}</translation>
    </message>
    <message>
        <source>The view “{view}” could not be drawn: {reason}. The other views are not affected.</source>
        <translation>No se pudo dibujar la vista «{view}»: {reason}. Las demás vistas no se ven afectadas.</translation>
    </message>
    <message>
        <source>Something went wrong inside Mirada: {reason}. What is on screen is kept; please report this.</source>
        <translation>Algo falló dentro de Mirada: {reason}. Lo que está en pantalla se conserva; por favor, informa de ello.</translation>
    </message>
    <message>
        <source>“{names}” cannot be opened: it is no ONNX model, image, text or sound. Choose an .onnx file, a folder that holds one, a PNG, JPEG, WebP, BMP, GIF or TIFF image, a .txt or a .wav file.</source>
        <translation>«{names}» no se puede abrir: no es un modelo ONNX, una imagen, un texto ni un sonido. Elige un archivo .onnx, una carpeta que contenga uno, una imagen PNG, JPEG, WebP, BMP, GIF o TIFF, o un archivo .txt o .wav.</translation>
    </message>
    <message>
        <source>Only one model and one image, text or sound are open at a time; left aside: “{names}”. Drop them one by one.</source>
        <translation>Solo se abren a la vez un modelo y una imagen, un texto o un sonido; quedan aparte: «{names}». Suéltalos de uno en uno.</translation>
    </message>
    <message>
        <source>“{name}” is a text, and “{model}” reads none. Open a model that does: the Model menu has a translator.</source>
        <translation>«{name}» es un texto y «{model}» no lee textos. Abre un modelo que los lea: el menú Modelo tiene un traductor.</translation>
    </message>
    <message>
        <source>What was pasted</source>
        <translation>Lo pegado</translation>
    </message>
    <message>
        <source>“{model}” takes no image. Open a model that does, or type a text.</source>
        <translation>«{model}» no acepta imágenes. Abre un modelo que sí, o escribe un texto.</translation>
    </message>
    <message>
        <source>What was dropped or pasted holds no image, no text and no file. Copy a picture, or save it and drop the file.</source>
        <translation>Lo que se soltó o pegó no contiene ninguna imagen, texto ni archivo. Copia una imagen, o guárdala y suelta el archivo.</translation>
    </message>
    <message>
        <source>The model is open. Drop an image, or choose one with File ▸ Open.</source>
        <translation>El modelo está abierto. Suelta una imagen, o elígela con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Open a model first: drop an .onnx file, or choose one with File ▸ Open.</source>
        <translation>Abre antes un modelo: suelta un archivo .onnx, o elígelo con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Saved as “{path}”.</source>
        <translation>Guardado como «{path}».</translation>
    </message>
    <message>
        <source>“{path}” could not be written: {reason}. Choose another folder.</source>
        <translation>No se pudo escribir «{path}»: {reason}. Elige otra carpeta.</translation>
    </message>
</context>
<context>
    <name>OutputChooser</name>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
    <message>
        <source>The output of which one number is explained</source>
        <translation>La salida de la que se explica un número</translation>
    </message>
    <message>
        <source>Place in the output</source>
        <translation>Lugar en la salida</translation>
    </message>
    <message>
        <source>Which number, counted from 0; the output has {sizes}.</source>
        <translation>Qué número, contado desde 0; la salida tiene {sizes}.</translation>
    </message>
</context>
<context>
    <name>PairBar</name>
    <message>
        <source>Another model</source>
        <translation>Otro modelo</translation>
    </message>
    <message>
        <source>Another model on the same image</source>
        <translation>Otro modelo con la misma imagen</translation>
    </message>
    <message>
        <source>Another image</source>
        <translation>Otra imagen</translation>
    </message>
    <message>
        <source>Another image through the same model</source>
        <translation>Otra imagen por el mismo modelo</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Show the first one alone, and end the second one’s process</source>
        <translation>Muestra solo el primero y termina el proceso del segundo</translation>
    </message>
    <message>
        <source>“{first}” beside “{second}”</source>
        <translation>«{first}» junto a «{second}»</translation>
    </message>
    <message>
        <source>Choose what to see beside “{first}”:</source>
        <translation>Elige qué ver junto a «{first}»:</translation>
    </message>
    <message>
        <source>Beside it: {name}</source>
        <translation>A su lado: {name}</translation>
    </message>
    <message>
        <source>Open a model…</source>
        <translation>Abrir un modelo…</translation>
    </message>
    <message>
        <source>Open an image…</source>
        <translation>Abrir una imagen…</translation>
    </message>
    <message>
        <source>A model to see beside</source>
        <translation>Un modelo para ver al lado</translation>
    </message>
    <message>
        <source>An image to see beside</source>
        <translation>Una imagen para ver al lado</translation>
    </message>
</context>
<context>
    <name>PairedView</name>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elige uno con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Drop an image here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen, o elige una con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>“{name}” does not look at images. Open a model that does, to compare it.</source>
        <translation>«{name}» no mira imágenes. Abre un modelo que sí, para compararlo.</translation>
    </message>
</context>
<context>
    <name>Patches</name>
    <message>
        <source>patch {patch}: row {row}, column {column}</source>
        <translation>parche {patch}: fila {row}, columna {column}</translation>
    </message>
    <message>
        <source>place {place}: blank</source>
        <translation>lugar {place}: en blanco</translation>
    </message>
    <message>
        <source>place {place} holds patch {patch} of the image</source>
        <translation>el lugar {place} contiene el parche {patch} de la imagen</translation>
    </message>
    <message>
        <source>{rows} × {columns} patches of {high} × {wide} pixels, in the order of their tokens</source>
        <translation>{rows} × {columns} parches de {high} × {wide} píxeles, en el orden de sus tokens</translation>
    </message>
    <message>
        <source> (guessed from the number of tokens)</source>
        <translation> (supuesto a partir del número de tokens)</translation>
    </message>
    <message>
        <source> (the model itself has none)</source>
        <translation> (el modelo en sí no los tiene)</translation>
    </message>
    <message>
        <source>Click a patch to blank it, drag it onto another to exchange the two.</source>
        <translation>Haz clic en un parche para dejarlo en blanco; arrástralo sobre otro para intercambiarlos.</translation>
    </message>
    <message>
        <source>R {red}, G {green}, B {blue}</source>
        <translation>R {red}, G {green}, B {blue}</translation>
    </message>
    <message>
        <source>{count} rows of the linear embedding “{name}”, {rows} × {columns} pixels each</source>
        <translation>{count} filas de la proyección lineal «{name}», de {rows} × {columns} píxeles cada una</translation>
    </message>
    <message>
        <source>{count} filters of the patch embedding “{name}”, {rows} × {columns} pixels each</source>
        <translation>{count} filtros de la proyección de parches «{name}», de {rows} × {columns} píxeles cada uno</translation>
    </message>
    <message>
        <source>{count} filters of the first convolution “{name}”, {rows} × {columns} pixels each</source>
        <translation>{count} filtros de la primera convolución «{name}», de {rows} × {columns} píxeles cada uno</translation>
    </message>
    <message>
        <source>; further layers make tokens of what it gives</source>
        <translation>; otras capas hacen tokens con su resultado</translation>
    </message>
    <message>
        <source>{count} principal components of {filters} filters: {share} of their variance</source>
        <translation>{count} componentes principales de {filters} filtros: {share} de su varianza</translation>
    </message>
    <message>
        <source>The strongest first. Grey is zero; signs have no meaning.</source>
        <translation>Primero las más fuertes. El gris es cero; los signos no significan nada.</translation>
    </message>
    <message>
        <source>Norms of the tokens {layer}: smallest {low}, median {middle}, largest {high}</source>
        <translation>Normas de los tokens {layer}: mínima {low}, mediana {middle}, máxima {high}</translation>
    </message>
    <message>
        <source>Grey is zero; each has its own scale.</source>
        <translation>El gris es cero; cada uno tiene su propia escala.</translation>
    </message>
    <message>
        <source>Filter {number}; norm {norm}</source>
        <translation>Filtro {number}; norma {norm}</translation>
    </message>
    <message>
        <source>Component {number}: {share} of the variance</source>
        <translation>Componente {number}: {share} de la varianza</translation>
    </message>
    <message>
        <source>row {row}, column {column}: {value}</source>
        <translation>fila {row}, columna {column}: {value}</translation>
    </message>
    <message>
        <source>row {row}, column {column}: R {red}, G {green}, B {blue}</source>
        <translation>fila {row}, columna {column}: R {red}, G {green}, B {blue}</translation>
    </message>
    <message>
        <source>after the last block</source>
        <translation>tras el último bloque</translation>
    </message>
    <message>
        <source>entering layer {layer}</source>
        <translation>al entrar en la capa {layer}</translation>
    </message>
    <message>
        <source>end</source>
        <translation>fin</translation>
    </message>
    <message>
        <source>Far above the others, perhaps artefacts ({count}): {named}.</source>
        <translation>Muy por encima de los demás, quizá artefactos ({count}): {named}.</translation>
    </message>
    <message>
        <source>{layer}, row {row}, column {column}: {value}</source>
        <translation>{layer}, fila {row}, columna {column}: {value}</translation>
    </message>
    <message>
        <source>Patches</source>
        <translation>Parches</translation>
    </message>
</context>
<context>
    <name>PatchesControls</name>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Tal como es</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Cambiado</translation>
    </message>
    <message>
        <source>Logit</source>
        <translation>Logit</translation>
    </message>
    <message>
        <source>This model names no classes.</source>
        <translation>Este modelo no nombra clases.</translation>
    </message>
    <message>
        <source>Change the image</source>
        <translation>Cambia la imagen</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Predicción</translation>
    </message>
    <message>
        <source>Shuffle patches</source>
        <translation>Barajar parches</translation>
    </message>
    <message>
        <source>Drop patches</source>
        <translation>Quitar parches</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Desplazar</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Desenfocar</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>seed </source>
        <translation>semilla </translation>
    </message>
    <message>
        <source>Pixels of the model’s input to the right</source>
        <translation>Píxeles de la entrada del modelo hacia la derecha</translation>
    </message>
    <message>
        <source>Pixels of the model’s input down</source>
        <translation>Píxeles de la entrada del modelo hacia abajo</translation>
    </message>
    <message>
        <source>Width of the Gaussian, in pixels of the model’s input</source>
        <translation>Anchura de la gaussiana, en píxeles de la entrada del modelo</translation>
    </message>
    <message>
        <source>Patches down</source>
        <translation>Parches a lo alto</translation>
    </message>
    <message>
        <source>across</source>
        <translation>a lo ancho</translation>
    </message>
    <message>
        <source>Part of the patches that is dropped</source>
        <translation>Parte de los parches que se quita</translation>
    </message>
    <message>
        <source>The same seed takes the same patches</source>
        <translation>La misma semilla toma los mismos parches</translation>
    </message>
    <message>
        <source>Prediction as it is and changed</source>
        <translation>Predicción tal como es y cambiada</translation>
    </message>
</context>
<context>
    <name>PatchesPage</name>
    <message>
        <source>As it is</source>
        <translation>Tal como es</translation>
    </message>
    <message>
        <source>What the model sees</source>
        <translation>Lo que ve el modelo</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>The patches in the order in which the model reads them</source>
        <translation>Los parches en el orden en que el modelo los lee</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filtros</translation>
    </message>
    <message>
        <source>What turns the pixels of a patch into features</source>
        <translation>Lo que convierte los píxeles de un parche en características</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>Componentes</translation>
    </message>
    <message>
        <source>Principal components of the filters</source>
        <translation>Componentes principales de los filtros</translation>
    </message>
    <message>
        <source>Token norms</source>
        <translation>Normas de tokens</translation>
    </message>
    <message>
        <source>How large each token is in every layer</source>
        <translation>Cuán grande es cada token en cada capa</translation>
    </message>
    <message>
        <source>The image as it is, in patches</source>
        <translation>La imagen tal como es, en parches</translation>
    </message>
    <message>
        <source>The image as the model sees it, in patches</source>
        <translation>La imagen como la ve el modelo, en parches</translation>
    </message>
    <message>
        <source>Tokens, filters, components or norms</source>
        <translation>Tokens, filtros, componentes o normas</translation>
    </message>
    <message>
        <source>The patches in the order in which the model reads them, as it gets them</source>
        <translation>Los parches en el orden en que el modelo los lee, tal como los recibe</translation>
    </message>
</context>
<context>
    <name>PatchesView</name>
    <message>
        <source>The tokens of this model do not lie on the image.</source>
        <translation>Los tokens de este modelo no están sobre la imagen.</translation>
    </message>
    <message>
        <source>Stopped. Choose another part and come back to go on.</source>
        <translation>Detenido. Elige otra parte y vuelve para seguir.</translation>
    </message>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elígelo con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Drop an image here, or choose one with File ▸ Open.</source>
        <translation>Suelta una imagen aquí o elígela con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>“{name}” takes no image. Open a model that does.</source>
        <translation>«{name}» no admite imágenes. Abre un modelo que sí las admita.</translation>
    </message>
    <message>
        <source>A network without attention has no tokens to measure.</source>
        <translation>Una red sin atención no tiene tokens que medir.</translation>
    </message>
    <message>
        <source>Measuring the tokens of every layer…</source>
        <translation>Midiendo los tokens de cada capa…</translation>
    </message>
    <message>
        <source>Reading the filters…</source>
        <translation>Leyendo los filtros…</translation>
    </message>
</context>
<context>
    <name>Placeholder</name>
    <message>
        <source>Open…</source>
        <translation>Abrir…</translation>
    </message>
    <message>
        <source>The model is open and listens. Drop a .wav file here, or choose one with File ▸ Open.</source>
        <translation>El modelo está abierto y escucha. Suelta aquí un archivo .wav o elígelo con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Now a sound</source>
        <translation>Ahora, un sonido</translation>
    </message>
    <message>
        <source>The model is open and reads. Type a text in the panel, paste one, or drop a .txt file.</source>
        <translation>El modelo está abierto y lee. Escribe un texto en el panel, pégalo o suelta un archivo .txt.</translation>
    </message>
    <message>
        <source>Now a text</source>
        <translation>Ahora, un texto</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Un momento</translation>
    </message>
    <message>
        <source>The model and the image are being opened.</source>
        <translation>Se están abriendo el modelo y la imagen.</translation>
    </message>
    <message>
        <source>Drop a model and an image here</source>
        <translation>Suelta aquí un modelo y una imagen</translation>
    </message>
    <message>
        <source>An .onnx file, or a folder that holds one, and any photo. Or choose them with File ▸ Open.</source>
        <translation>Un archivo .onnx, o una carpeta que contenga uno, y cualquier foto. O elígelos con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Now an image</source>
        <translation>Ahora una imagen</translation>
    </message>
    <message>
        <source>The model is open. Drop an image here, paste one, or choose it with File ▸ Open.</source>
        <translation>El modelo está abierto. Suelta aquí una imagen, pégala, o elígela con Archivo ▸ Abrir.</translation>
    </message>
    <message numerus="yes">
        <source>%n softmax(es) were looked at and not taken; the panel says why.</source>
        <translation>
            <numerusform>Se examinó %n softmax y no se tomó por atención; el panel dice por qué.</numerusform>
            <numerusform>Se examinaron %n softmax y no se tomaron por atención; el panel dice por qué.</numerusform>
        </translation>
    </message>
    <message>
        <source>Its prediction and facts are in the panel. Open another model to see heads.</source>
        <translation>Su predicción y sus datos están en el panel. Abre otro modelo para ver cabezas.</translation>
    </message>
    <message>
        <source>“{name}” has no attention</source>
        <translation>«{name}» no tiene atención</translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation>Nada que mostrar</translation>
    </message>
    <message>
        <source>No view can show this model. Its prediction is in the panel.</source>
        <translation>Ninguna vista puede mostrar este modelo. Su predicción está en el panel.</translation>
    </message>
</context>
<context>
    <name>Pointer</name>
    <message>
        <source>Layer {layer} · map {map}</source>
        <translation>Capa {layer} · mapa {map}</translation>
    </message>
    <message>
        <source>Layer {layer}</source>
        <translation>Capa {layer}</translation>
    </message>
    <message>
        <source>mean over heads</source>
        <translation>media de las cabezas</translation>
    </message>
    <message>
        <source>head {head}</source>
        <translation>cabeza {head}</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>fijado</translation>
    </message>
    <message>
        <source>token {token}</source>
        <translation>token {token}</translation>
    </message>
    <message>
        <source>class token</source>
        <translation>token de clase</translation>
    </message>
    <message>
        <source>special token {token}</source>
        <translation>token especial {token}</translation>
    </message>
    <message>
        <source>token {token} “{piece}”</source>
        <translation>token {token} «{piece}»</translation>
    </message>
    <message>
        <source>patch ({row}, {column})</source>
        <translation>parche ({row}, {column})</translation>
    </message>
</context>
<context>
    <name>Portrait</name>
    <message>
        <source>mirada: “{path}” cannot be written. Choose another folder.</source>
        <translation>mirada: no se puede escribir «{path}». Elige otra carpeta.</translation>
    </message>
    <message>
        <source>There is no display here, so Mirada painted its window off screen and saved it as {path}.</source>
        <translation>Aquí no hay pantalla, así que Mirada pintó su ventana en memoria y la guardó como {path}.</translation>
    </message>
    <message>
        <source>Mirada painted its window and saved it as {path}.</source>
        <translation>Mirada pintó su ventana y la guardó como {path}.</translation>
    </message>
</context>
<context>
    <name>Positions</name>
    <message>
        <source>Sinusoidal positions</source>
        <translation>Posiciones sinusoidales</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>Posiciones</translation>
    </message>
    <message>
        <source>learned</source>
        <translation>aprendida</translation>
    </message>
    <message>
        <source>sinusoidal</source>
        <translation>sinusoidal</translation>
    </message>
    <message>
        <source>rotary</source>
        <translation>rotatoria</translation>
    </message>
    <message>
        <source>relative bias</source>
        <translation>sesgo relativo</translation>
    </message>
    <message>
        <source>ALiBi</source>
        <translation>ALiBi</translation>
    </message>
    <message>
        <source>decomposed by rows and columns</source>
        <translation>descompuesta por filas y columnas</translation>
    </message>
    <message>
        <source>“{name}”: {shape} ({axes}), {where}.</source>
        <translation>«{name}»: {shape} ({axes}), {where}.</translation>
    </message>
    <message>
        <source>Its rows lie on a grid of {rows} × {columns} patches</source>
        <translation>Sus filas están en una cuadrícula de {rows} × {columns} parches</translation>
    </message>
    <message>
        <source>, after {names}</source>
        <translation>, tras {names}</translation>
    </message>
    <message>
        <source>token</source>
        <translation>token</translation>
    </message>
    <message>
        <source>dimension</source>
        <translation>dimensión</translation>
    </message>
    <message>
        <source>frequency</source>
        <translation>frecuencia</translation>
    </message>
    <message>
        <source>head</source>
        <translation>cabeza</translation>
    </message>
    <message>
        <source>query</source>
        <translation>consulta</translation>
    </message>
    <message>
        <source>key</source>
        <translation>clave</translation>
    </message>
    <message>
        <source>bucket</source>
        <translation>grupo</translation>
    </message>
    <message>
        <source>offset</source>
        <translation>distancia</translation>
    </message>
    <message>
        <source>Similarity</source>
        <translation>Similitud</translation>
    </message>
    <message>
        <source>How alike the places are</source>
        <translation>Cuánto se parecen los lugares</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>Componentes</translation>
    </message>
    <message>
        <source>Principal components of the table</source>
        <translation>Componentes principales de la tabla</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabla</translation>
    </message>
    <message>
        <source>The numbers themselves</source>
        <translation>Los números mismos</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Distancia</translation>
    </message>
    <message>
        <source>How alike places are by distance</source>
        <translation>Cuánto se parecen los lugares según su distancia</translation>
    </message>
    <message>
        <source>Frequencies</source>
        <translation>Frecuencias</translation>
    </message>
    <message>
        <source>How fast each pair of dimensions turns</source>
        <translation>Cuán rápido gira cada par de dimensiones</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>Sesgo</translation>
    </message>
    <message>
        <source>What is added to the scores by offset</source>
        <translation>Lo que se suma a las puntuaciones según la distancia</translation>
    </message>
    <message>
        <source>Slopes</source>
        <translation>Pendientes</translation>
    </message>
    <message>
        <source>How fast each head forgets distance</source>
        <translation>Cuán rápido pierde peso la distancia en cada cabeza</translation>
    </message>
    <message>
        <source>Sandbox</source>
        <translation>Banco de pruebas</translation>
    </message>
    <message>
        <source>A sinusoidal encoding of any size, without a model</source>
        <translation>Una codificación sinusoidal de cualquier tamaño, sin modelo</translation>
    </message>
    <message>
        <source>Each map: the score of a query at this place with the same key at every place, 1 at its own.</source>
        <translation>Cada mapa: la puntuación de una consulta en este lugar con la misma clave en cada lugar; 1 en el suyo.</translation>
    </message>
    <message>
        <source>Each map: the cosine similarity of one patch’s row with all others’, where the patches lie. Point at a map to enlarge it.</source>
        <translation>Cada mapa: la similitud coseno de la fila de un parche con las de todos los demás, donde están los parches. Señala un mapa para ampliarlo.</translation>
    </message>
    <message>
        <source>The cosine similarity of every row with every other.</source>
        <translation>La similitud coseno de cada fila con todas las demás.</translation>
    </message>
    <message>
        <source>Where the tokens lie along each principal component; signs have no meaning.</source>
        <translation>Dónde están los tokens a lo largo de cada componente principal; los signos no significan nada.</translation>
    </message>
    <message>
        <source>The score of a query and the same key turned apart, and the bound on any two (Su et al. 2021), both 1 at distance 0.</source>
        <translation>La puntuación de una consulta y la misma clave giradas según su distancia, y la cota para dos cualesquiera (Su et al. 2021); ambas son 1 a distancia 0.</translation>
    </message>
    <message>
        <source>The cosine similarity of rows k apart, its mean over all such pairs.</source>
        <translation>La similitud coseno de las filas a distancia k, en promedio sobre todos esos pares.</translation>
    </message>
    <message>
        <source>The wavelength of each frequency in tokens, as a power of ten.</source>
        <translation>La longitud de onda de cada frecuencia en tokens, como potencia de diez.</translation>
    </message>
    <message>
        <source>Slope of each head; the line is what the paper gives to so many heads.</source>
        <translation>Pendiente de cada cabeza; la línea es la que el artículo da para ese número de cabezas.</translation>
    </message>
    <message>
        <source>Click a column to draw it below.</source>
        <translation>Haz clic en una columna para dibujarla debajo.</translation>
    </message>
    <message>
        <source>What each head adds to the score of a key so many places before the query.</source>
        <translation>Lo que cada cabeza suma a la puntuación de una clave situada tantos lugares antes de la consulta.</translation>
    </message>
    <message>
        <source>What each head adds to the score of a key by its place after the query.</source>
        <translation>Lo que cada cabeza suma a la puntuación de una clave según su lugar tras la consulta.</translation>
    </message>
    <message>
        <source> Distances are put into buckets as T5 does, up to 128: a guess.</source>
        <translation> Las distancias se agrupan como en T5, hasta 128: es una suposición.</translation>
    </message>
    <message>
        <source>What each head adds to the score of a key by rows down and columns right of it.</source>
        <translation>Lo que cada cabeza suma a la puntuación de una clave según las filas hacia abajo y las columnas hacia la derecha.</translation>
    </message>
    <message>
        <source> Pairs of one offset differ by up to {spread}; means are shown.</source>
        <translation> Los pares a una misma distancia difieren hasta en {spread}; se muestran las medias.</translation>
    </message>
    <message>
        <source>{token} and ({row}, {column}): {value}</source>
        <translation>{token} y ({row}, {column}): {value}</translation>
    </message>
    <message>
        <source>rows {first} and {second}: {value}</source>
        <translation>filas {first} y {second}: {value}</translation>
    </message>
    <message>
        <source>Component {number}: {share} of the variance</source>
        <translation>Componente {number}: {share} de la varianza</translation>
    </message>
    <message>
        <source>{what}, row {row}, column {column}: {value}</source>
        <translation>{what}, fila {row}, columna {column}: {value}</translation>
    </message>
    <message>
        <source>Head {head}, key {down:+d} rows and {right:+d} columns from the query: {value}</source>
        <translation>Cabeza {head}, clave a {down:+d} filas y {right:+d} columnas de la consulta: {value}</translation>
    </message>
    <message>
        <source>Head {head}</source>
        <translation>Cabeza {head}</translation>
    </message>
    <message>
        <source>Frequency {number}: {rate} radians for each token, once round in {length} tokens</source>
        <translation>Frecuencia {number}: {rate} radianes por token, una vuelta en {length} tokens</translation>
    </message>
    <message>
        <source>Head {head}: slope {slope}; the paper’s is {wanted}</source>
        <translation>Cabeza {head}: pendiente {slope}; la del artículo es {wanted}</translation>
    </message>
    <message>
        <source>{name} moved by {share} of its size</source>
        <translation>{name} cambió en un {share} de su tamaño</translation>
    </message>
</context>
<context>
    <name>PositionsControls</name>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Tal como es</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Cambiado</translation>
    </message>
    <message>
        <source>Logit</source>
        <translation>Logit</translation>
    </message>
    <message>
        <source>This model names no classes.</source>
        <translation>Este modelo no nombra clases.</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>Qué pasaría</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Predicción</translation>
    </message>
    <message>
        <source>Positions zero</source>
        <translation>Posiciones a cero</translation>
    </message>
    <message>
        <source>Every encoding of the model whose numbers lie in its file</source>
        <translation>Toda codificación del modelo cuyos números estén en su archivo</translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation>Barajar</translation>
    </message>
    <message>
        <source>Rows in random order; special tokens keep theirs</source>
        <translation>Filas en orden aleatorio; los tokens especiales conservan la suya</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Desplazar</translation>
    </message>
    <message>
        <source>Every row to another place, round the end; special tokens keep theirs</source>
        <translation>Cada fila a otro lugar, dando la vuelta al final; los tokens especiales conservan la suya</translation>
    </message>
    <message>
        <source>Resample</source>
        <translation>Remuestrear</translation>
    </message>
    <message>
        <source>To another grid and back, as when a model is given images of another size</source>
        <translation>A otra cuadrícula y de vuelta, como cuando un modelo recibe imágenes de otro tamaño</translation>
    </message>
    <message>
        <source>seed </source>
        <translation>semilla </translation>
    </message>
    <message>
        <source>by </source>
        <translation>en </translation>
    </message>
    <message>
        <source>Rows of the other grid</source>
        <translation>Filas de la otra cuadrícula</translation>
    </message>
    <message>
        <source>Columns of the other grid</source>
        <translation>Columnas de la otra cuadrícula</translation>
    </message>
    <message>
        <source>Positional encoding</source>
        <translation>Codificación posicional</translation>
    </message>
    <message>
        <source>Prediction as it is and changed</source>
        <translation>Predicción tal como es y cambiada</translation>
    </message>
</context>
<context>
    <name>PositionsPage</name>
    <message>
        <source>This table is large; it is being read from the file.</source>
        <translation>Esta tabla es grande; se está leyendo del archivo.</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Tal como es</translation>
    </message>
    <message>
        <source>As the file has it</source>
        <translation>Como está en el archivo</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Cambiado</translation>
    </message>
    <message>
        <source>As the changes at the left leave it</source>
        <translation>Como la dejan los cambios de la izquierda</translation>
    </message>
    <message>
        <source>Resampled</source>
        <translation>Remuestreado</translation>
    </message>
    <message>
        <source>To the grid set at the left</source>
        <translation>A la cuadrícula fijada a la izquierda</translation>
    </message>
    <message>
        <source>How alike the rows are</source>
        <translation>Cuánto se parecen las filas</translation>
    </message>
    <message>
        <source>The positional encoding as lines</source>
        <translation>La codificación posicional como líneas</translation>
    </message>
    <message>
        <source>row</source>
        <translation>fila</translation>
    </message>
    <message>
        <source>token</source>
        <translation>token</translation>
    </message>
    <message>
        <source>key after the query by</source>
        <translation>clave tras la consulta en</translation>
    </message>
    <message>
        <source>same query and key</source>
        <translation>misma consulta y clave</translation>
    </message>
    <message>
        <source>bound</source>
        <translation>cota</translation>
    </message>
    <message>
        <source>similarity</source>
        <translation>similitud</translation>
    </message>
    <message>
        <source>tokens apart</source>
        <translation>tokens de distancia</translation>
    </message>
</context>
<context>
    <name>PositionsView</name>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elígelo con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Give the model something to read: drop an image here, or write a text at the right.</source>
        <translation>Da algo que leer al modelo: suelta aquí una imagen o escribe un texto a la derecha.</translation>
    </message>
    <message>
        <source>No positional encoding was found in “{name}”. Open another model.</source>
        <translation>No se encontró ninguna codificación posicional en «{name}». Abre otro modelo.</translation>
    </message>
</context>
<context>
    <name>PredictionBars</name>
    <message>
        <source>Prediction</source>
        <translation>Predicción</translation>
    </message>
</context>
<context>
    <name>Preprocessing</name>
    <message>
        <source>Stretch to the size</source>
        <translation>Estirar al tamaño</translation>
    </message>
    <message>
        <source>Shorter edge to the size</source>
        <translation>Lado corto al tamaño</translation>
    </message>
    <message>
        <source>Fit inside and pad</source>
        <translation>Encajar y rellenar</translation>
    </message>
    <message>
        <source>Keep the pixels</source>
        <translation>Dejar los píxeles</translation>
    </message>
    <message>
        <source>None (0, 1)</source>
        <translation>Ninguna (0, 1)</translation>
    </message>
    <message>
        <source>Own numbers</source>
        <translation>Números propios</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>Escalar</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Recorte</translation>
    </message>
    <message>
        <source>Normalise</source>
        <translation>Normalizar</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Media</translation>
    </message>
    <message>
        <source>Std</source>
        <translation>Desviación</translation>
    </message>
    <message>
        <source>Cut out the centre</source>
        <translation>Recortar el centro</translation>
    </message>
    <message>
        <source>Blue channel first (BGR)</source>
        <translation>Canal azul primero (BGR)</translation>
    </message>
    <message>
        <source>Rerun</source>
        <translation>Volver a ejecutar</translation>
    </message>
    <message>
        <source>Run the photo again with these numbers</source>
        <translation>Pasar de nuevo la foto con estos números</translation>
    </message>
    <message>
        <source>As declared</source>
        <translation>Lo declarado</translation>
    </message>
    <message>
        <source>Go back to what the model’s files say, or to the guess</source>
        <translation>Volver a lo que dicen los archivos del modelo, o a lo supuesto</translation>
    </message>
    <message>
        <source>Rows, in pixels</source>
        <translation>Filas, en píxeles</translation>
    </message>
    <message>
        <source>Columns, in pixels</source>
        <translation>Columnas, en píxeles</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>Desviación típica</translation>
    </message>
    <message>
        <source>Open a vision model: how its image is prepared will be stated here.</source>
        <translation>Abre un modelo de visión: aquí se dirá cómo se prepara su imagen.</translation>
    </message>
    <message>
        <source>Changed by you.</source>
        <translation>Cambiado por ti.</translation>
    </message>
    <message>
        <source>A guess.</source>
        <translation>Una suposición.</translation>
    </message>
    <message>
        <source>As {file} says.</source>
        <translation>Como dice {file}.</translation>
    </message>
    <message>
        <source>Without a crop the size follows the photo; this model takes {rows} × {columns}.</source>
        <translation>Sin recorte el tamaño depende de la foto; este modelo toma {rows} × {columns}.</translation>
    </message>
    <message>
        <source>This gives {a} × {b} pixels; the model takes {rows} × {columns}.</source>
        <translation>Esto da {a} × {b} píxeles; el modelo toma {rows} × {columns}.</translation>
    </message>
</context>
<context>
    <name>Rollout</name>
    <message>
        <source>Rollout</source>
        <translation>Rollout de atención</translation>
    </message>
    <message>
        <source>Rollout of {token} through layers {first}–{last}</source>
        <translation>Rollout por las capas {first}–{last}: {token}</translation>
    </message>
    <message>
        <source>Rollout of {token} through layer {first}</source>
        <translation>Rollout por la capa {first}: {token}</translation>
    </message>
    <message>
        <source>all tokens (mean)</source>
        <translation>todos los tokens (media)</translation>
    </message>
    <message>
        <source>patch {place}</source>
        <translation>parche {place}</translation>
    </message>
    <message>
        <source>special token “{name}”</source>
        <translation>token especial «{name}»</translation>
    </message>
    <message>
        <source>Pinned; Esc lets go.</source>
        <translation>Fijado; Esc lo suelta.</translation>
    </message>
    <message>
        <source>Choose a token above; residual connections count half in every layer.</source>
        <translation>Elige un token arriba; en cada capa la conexión residual cuenta la mitad.</translation>
    </message>
    <message>
        <source>Point at a patch to see its own; residual connections count half in every layer.</source>
        <translation>Señala un parche para ver el suyo; en cada capa la conexión residual cuenta la mitad.</translation>
    </message>
    <message>
        <source>Weights × ‖v W_O‖ (Kobayashi et al. 2020).</source>
        <translation>Pesos × ‖v W_O‖ (Kobayashi et al. 2020).</translation>
    </message>
    <message>
        <source>Weights × ‖v‖: W_O was not found in the graph, or is still being read.</source>
        <translation>Pesos × ‖v‖: W_O no se encontró en el grafo o aún se está leyendo.</translation>
    </message>
    <message>
        <source>Weights × ‖v W_O‖; × ‖v‖ in {plain} layers whose W_O was not found in the graph.</source>
        <translation>Pesos × ‖v W_O‖; × ‖v‖ en {plain} capas cuyo W_O no se encontró en el grafo.</translation>
    </message>
    <message>
        <source>Most from: {places}. Sum: {sum}.</source>
        <translation>Sobre todo de: {places}. Suma: {sum}.</translation>
    </message>
    <message>
        <source>Computing: {done} of {layers} layers…</source>
        <translation>Calculando: {done} de {layers} capas…</translation>
    </message>
    <message>
        <source>Stopped: {done} of {layers} layers. Choose another token or setting to begin anew.</source>
        <translation>Detenido: {done} de {layers} capas. Elige otro token u otro ajuste para empezar de nuevo.</translation>
    </message>
    <message>
        <source>Layer {layer}</source>
        <translation>Capa {layer}</translation>
    </message>
    <message>
        <source>Rollout up to layer {layer}; largest: {value} at {place}</source>
        <translation>Rollout hasta la capa {layer}; máximo: {value} en {place}</translation>
    </message>
</context>
<context>
    <name>RolloutControls</name>
    <message>
        <source>Mean</source>
        <translation>Media</translation>
    </message>
    <message>
        <source>Each layer’s pattern is the mean over its heads.</source>
        <translation>El patrón de cada capa es la media de sus cabezas.</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Máximo</translation>
    </message>
    <message>
        <source>Each layer’s pattern is the largest over its heads.</source>
        <translation>El patrón de cada capa es el máximo de sus cabezas.</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>Mínimo</translation>
    </message>
    <message>
        <source>Each layer’s pattern is the smallest over its heads.</source>
        <translation>El patrón de cada capa es el mínimo de sus cabezas.</translation>
    </message>
    <message>
        <source>× ‖value‖</source>
        <translation>× ‖valor‖</translation>
    </message>
    <message>
        <source>Each weight is multiplied by the norm of what the head takes from that token, its value through W_O (Kobayashi et al. 2020).</source>
        <translation>Cada peso se multiplica por la norma de lo que la cabeza toma de ese token, su valor a través de W_O (Kobayashi et al. 2020).</translation>
    </message>
    <message>
        <source>Fusion of the heads</source>
        <translation>Fusión de las cabezas</translation>
    </message>
    <message>
        <source>This share of the smallest weights of each row is left out before the rows are made to sum to 1.</source>
        <translation>Esta parte de los pesos menores de cada fila se descarta antes de que las filas vuelvan a sumar 1.</translation>
    </message>
    <message>
        <source>Layers after this one are left out.</source>
        <translation>Las capas posteriores no se cuentan.</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacidad</translation>
    </message>
    <message>
        <source>How much of the image the colours hide.</source>
        <translation>Cuánto tapan los colores la imagen.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>mean of all</source>
        <translation>media de todos</translation>
    </message>
    <message>
        <source>Discard {percent} %</source>
        <translation>Descartar {percent} %</translation>
    </message>
    <message>
        <source>Up to layer {layer}</source>
        <translation>Hasta la capa {layer}</translation>
    </message>
</context>
<context>
    <name>RolloutPage</name>
    <message>
        <source>Image and the rollout of the chosen token</source>
        <translation>Imagen y rollout del token elegido</translation>
    </message>
    <message>
        <source>Rollout up to each layer</source>
        <translation>Rollout hasta cada capa</translation>
    </message>
    <message>
        <source>Up to each layer</source>
        <translation>Hasta cada capa</translation>
    </message>
    <message>
        <source>Each map has its own scale; click one to see it large.</source>
        <translation>Cada mapa, con su propia escala; pulsa uno.</translation>
    </message>
</context>
<context>
    <name>RolloutView</name>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelta aquí una imagen o un archivo .onnx, o elígelo con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>No attention was found in “{name}”. Open another model.</source>
        <translation>No se encontró atención en «{name}». Abre otro modelo.</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Save the picture</source>
        <translation>Guardar la imagen</translation>
    </message>
    <message>
        <source>PNG image</source>
        <translation>Imagen PNG</translation>
    </message>
    <message>
        <source>SVG drawing</source>
        <translation>Dibujo SVG</translation>
    </message>
    <message>
        <source>Export the numbers</source>
        <translation>Exportar los números</translation>
    </message>
    <message>
        <source>NumPy arrays</source>
        <translation>Matrices de NumPy</translation>
    </message>
</context>
<context>
    <name>ScaleStudyPanel</name>
    <message>
        <source>Why divide by √d: random queries and keys</source>
        <translation>Por qué dividir por √d: consultas y claves al azar</translation>
    </message>
    <message>
        <source>d</source>
        <translation>d</translation>
    </message>
    <message>
        <source>n</source>
        <translation>n</translation>
    </message>
    <message>
        <source>Size of queries and keys</source>
        <translation>Tamaño de consultas y claves</translation>
    </message>
    <message>
        <source>Number of keys</source>
        <translation>Número de claves</translation>
    </message>
    <message>
        <source>Histogram of q · k, with the normal curve of variance d</source>
        <translation>Histograma de q · k, con la curva normal de varianza d</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Predicción</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation>Preprocesamiento</translation>
    </message>
    <message>
        <source>Softmaxes that are not attention</source>
        <translation>Softmax que no son atención</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Sonido</translation>
    </message>
    <message>
        <source>Open another sound</source>
        <translation>Abrir otro sonido</translation>
    </message>
    <message>
        <source>Open another model</source>
        <translation>Abrir otro modelo</translation>
    </message>
    <message>
        <source>Open another image</source>
        <translation>Abrir otra imagen</translation>
    </message>
    <message>
        <source>none open</source>
        <translation>ninguno abierto</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>Open a model and an image: its five best answers will stand here.</source>
        <translation>Abre un modelo y una imagen: aquí estarán sus cinco mejores respuestas.</translation>
    </message>
    <message>
        <source>No output of this model gives classes, so there is no answer to show.</source>
        <translation>Ninguna salida de este modelo da clases, así que no hay respuesta que mostrar.</translation>
    </message>
    <message>
        <source>Image and what the model looked at</source>
        <translation>Imagen y lo que miró el modelo</translation>
    </message>
    <message>
        <source>What is shown of what it looked at</source>
        <translation>Qué se muestra de lo que miró</translation>
    </message>
</context>
<context>
    <name>SignedBar</name>
    <message>
        <source>Colours go from −{high} to {high}; zero is in the middle.</source>
        <translation>Los colores van de −{high} a {high}; el cero está en medio.</translation>
    </message>
</context>
<context>
    <name>SinusoidSandbox</name>
    <message>
        <source>position</source>
        <translation>posición</translation>
    </message>
    <message>
        <source>dimension</source>
        <translation>dimensión</translation>
    </message>
    <message>
        <source>PE(p) · PE(p + k) ÷ (d / 2)</source>
        <translation>PE(p) · PE(p + k) ÷ (d / 2)</translation>
    </message>
    <message>
        <source>offset k</source>
        <translation>distancia k</translation>
    </message>
    <message>
        <source>d</source>
        <translation>d</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Longitud</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Base</translation>
    </message>
    <message>
        <source>Dimensions of a token; half of them are sines, half cosines</source>
        <translation>Dimensiones de un token; la mitad son senos y la mitad cosenos</translation>
    </message>
    <message>
        <source>How many positions</source>
        <translation>Cuántas posiciones</translation>
    </message>
    <message>
        <source>The longest wave is 2π times this many positions; 10,000 in the original</source>
        <translation>La onda más larga tiene 2π veces este número de posiciones; 10 000 en el original</translation>
    </message>
    <message>
        <source>The encoding: one row for each position</source>
        <translation>La codificación: una fila por posición</translation>
    </message>
    <message>
        <source>Some dimensions; click a column of the map to choose another</source>
        <translation>Algunas dimensiones; haz clic en una columna del mapa para elegir otra</translation>
    </message>
    <message>
        <source>How alike two positions are, by their distance</source>
        <translation>Cuánto se parecen dos posiciones según su distancia</translation>
    </message>
    <message>
        <source>PE(p, 2i) = sin(p / base^(2i/d)),  PE(p, 2i + 1) = cos(p / base^(2i/d))</source>
        <translation>PE(p, 2i) = sen(p / base^(2i/d)),  PE(p, 2i + 1) = cos(p / base^(2i/d))</translation>
    </message>
    <message>
        <source>dimension {dim}</source>
        <translation>dimensión {dim}</translation>
    </message>
    <message>
        <source>sine</source>
        <translation>seno</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>coseno</translation>
    </message>
    <message>
        <source>Position {position}, dimension {dim} ({wave}): {value}</source>
        <translation>Posición {position}, dimensión {dim} ({wave}): {value}</translation>
    </message>
    <message>
        <source>Similarity k apart — {values}</source>
        <translation>Similitud a distancia k — {values}</translation>
    </message>
</context>
<context>
    <name>Softmax</name>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}, query {token}</source>
        <translation>Capa {layer}, cabeza {head}, consulta {token}</translation>
    </message>
    <message>
        <source>overflow</source>
        <translation>desbordamiento</translation>
    </message>
    <message>
        <source>{entropy} of {most}</source>
        <translation>{entropy} de {most}</translation>
    </message>
    <message>
        <source>Entropy (nats)</source>
        <translation>Entropía (nats)</translation>
    </message>
    <message>
        <source>Effective tokens</source>
        <translation>Tokens efectivos</translation>
    </message>
    <message>
        <source>Largest weight</source>
        <translation>Peso mayor</translation>
    </message>
    <message>
        <source>Jacobian norm</source>
        <translation>Norma del jacobiano</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Escala</translation>
    </message>
    <message>
        <source>Scale × {scale}</source>
        <translation>Escala × {scale}</translation>
    </message>
    <message>
        <source>Variance of q · k: {variance} (theory: d = {dim}). Without 1/√d the largest weight is {largest} on average and the entropy {entropy} nats; with it {largest_scaled} and {entropy_scaled}, of at most ln {tokens} = {most}.</source>
        <translation>Varianza de q · k: {variance} (teoría: d = {dim}). Sin 1/√d el peso mayor es {largest} de media y la entropía {entropy} nats; con él, {largest_scaled} y {entropy_scaled}, de un máximo de ln {tokens} = {most}.</translation>
    </message>
</context>
<context>
    <name>SoftmaxControls</name>
    <message>
        <source>Bias and mask</source>
        <translation>Sesgo y máscara</translation>
    </message>
    <message>
        <source>Subtract the maximum</source>
        <translation>Restar el máximo</translation>
    </message>
    <message>
        <source>Changes no weight, but keeps exp from overflowing</source>
        <translation>No cambia ningún peso, pero evita que exp se desborde</translation>
    </message>
    <message>
        <source>As in the model</source>
        <translation>Como en el modelo</translation>
    </message>
    <message>
        <source>Temperature {value}</source>
        <translation>Temperatura {value}</translation>
    </message>
</context>
<context>
    <name>SoftmaxView</name>
    <message>
        <source>Scores: what enters the softmax</source>
        <translation>Puntuaciones: lo que entra en el softmax</translation>
    </message>
    <message>
        <source>Weights: what leaves it, summing to 1</source>
        <translation>Pesos: lo que sale, con suma 1</translation>
    </message>
    <message>
        <source>Scores of the chosen query</source>
        <translation>Puntuaciones de la consulta elegida</translation>
    </message>
    <message>
        <source>Weights of the chosen query</source>
        <translation>Pesos de la consulta elegida</translation>
    </message>
    <message>
        <source>Key {key}: score {score}, weight {weight}</source>
        <translation>Clave {key}: puntuación {score}, peso {weight}</translation>
    </message>
    <message>
        <source>This row</source>
        <translation>Esta fila</translation>
    </message>
    <message>
        <source>Mean over all rows</source>
        <translation>Media de todas las filas</translation>
    </message>
</context>
<context>
    <name>SoundCanvas</name>
    <message>
        <source>{first} to {last} s (frame {token})</source>
        <translation>de {first} a {last} s (trama {token})</translation>
    </message>
</context>
<context>
    <name>TablePanel</name>
    <message>
        <source>The table of positions</source>
        <translation>La tabla de posiciones</translation>
    </message>
    <message>
        <source>Some columns of the table of positions</source>
        <translation>Algunas columnas de la tabla de posiciones</translation>
    </message>
</context>
<context>
    <name>TaskBar</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>End this; what is on screen stays</source>
        <translation>Terminar esto; lo que está en pantalla se queda</translation>
    </message>
</context>
<context>
    <name>TextInput</name>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Second text</source>
        <translation>Segundo texto</translation>
    </message>
    <message>
        <source>Target text</source>
        <translation>Texto de destino</translation>
    </message>
    <message>
        <source>left empty, the model writes it</source>
        <translation>si queda vacío, lo escribe el modelo</translation>
    </message>
    <message>
        <source>With a second text</source>
        <translation>Con un segundo texto</translation>
    </message>
    <message>
        <source>Show ids</source>
        <translation>Mostrar ids</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>Ejemplos</translation>
    </message>
    <message>
        <source>Choose a tokenizer file…</source>
        <translation>Elegir un tokenizador…</translation>
    </message>
    <message>
        <source>Have the model write it</source>
        <translation>Que lo escriba el modelo</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Tokens of the text</source>
        <translation>Tokens del texto</translation>
    </message>
    <message>
        <source>Tokens of the target</source>
        <translation>Tokens del destino</translation>
    </message>
    <message>
        <source>One text on each line; the image is compared with every one.</source>
        <translation>Un texto por línea; la imagen se compara con cada uno.</translation>
    </message>
    <message>
        <source>The text that is read; the target is written below.</source>
        <translation>El texto que se lee; el destino se escribe debajo.</translation>
    </message>
    <message>
        <source>Type or paste a text, or drop a .txt file.</source>
        <translation>Escribe o pega un texto, o suelta un archivo .txt.</translation>
    </message>
    <message>
        <source>This model has no tokenizer beside it: type token ids, such as 12 7 99.</source>
        <translation>Este modelo no trae tokenizador: escribe ids de tokens, como 12 7 99.</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>Comparado con</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Destino</translation>
    </message>
    <message>
        <source>What the model writes</source>
        <translation>Lo que escribe el modelo</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>Too long: the model reads {count} tokens. What it does not see is struck out.</source>
        <translation>Demasiado largo: el modelo lee {count} tokens. Lo que no ve está tachado.</translation>
    </message>
    <message>
        <source>Type something: it runs while you type.</source>
        <translation>Escribe algo: se ejecuta mientras escribes.</translation>
    </message>
    <message>
        <source>These are no token ids: write whole numbers, apart by spaces or commas.</source>
        <translation>Esto no son ids de tokens: escribe números enteros separados por espacios o comas.</translation>
    </message>
    <message>
        <source>Choose a tokenizer file</source>
        <translation>Elegir un archivo de tokenizador</translation>
    </message>
    <message>
        <source>Tokenizers</source>
        <translation>Tokenizadores</translation>
    </message>
</context>
<context>
    <name>TextResults</name>
    <message>
        <source>What could come next</source>
        <translation>Lo que podría venir después</translation>
    </message>
    <message>
        <source>How well each text goes with the image</source>
        <translation>Cuánto encaja cada texto con la imagen</translation>
    </message>
    <message>
        <source>Write {mask} in the text, and the model fills it in.</source>
        <translation>Escribe {mask} en el texto y el modelo lo rellena.</translation>
    </message>
    <message>
        <source>What the model fills in at token {place}</source>
        <translation>Lo que el modelo rellena en el token {place}</translation>
    </message>
    <message>
        <source>Give a second text, and the cosine of both stands here.</source>
        <translation>Da un segundo texto y aquí aparecerá el coseno de ambos.</translation>
    </message>
    <message>
        <source>Cosine with the first text</source>
        <translation>Coseno con el primer texto</translation>
    </message>
</context>
<context>
    <name>TokenLines</name>
    <message>
        <source>object {number}</source>
        <translation>objeto {number}</translation>
    </message>
</context>
<context>
    <name>TokenText</name>
    <message>
        <source>“{piece}”, token {token}</source>
        <translation>«{piece}», token {token}</translation>
    </message>
    <message>
        <source>id {id}</source>
        <translation>id {id}</translation>
    </message>
</context>
<context>
    <name>Tokens</name>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Layer {layer}, maximum over heads</source>
        <translation>Capa {layer}, máximo de las cabezas</translation>
    </message>
    <message>
        <source>Layer {layer}, mean over heads {heads}</source>
        <translation>Capa {layer}, media de las cabezas {heads}</translation>
    </message>
    <message>
        <source>Layer {layer}, mean over heads</source>
        <translation>Capa {layer}, media de las cabezas</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}</source>
        <translation>Capa {layer}, cabeza {head}</translation>
    </message>
    <message>
        <source>Mean over all queries. Point at a token to see its own.</source>
        <translation>Media de todas las consultas. Señala un token para ver la suya.</translation>
    </message>
    <message>
        <source>What attends to “{token}” (key {number}).</source>
        <translation>Qué atiende a «{token}» (clave {number}).</translation>
    </message>
    <message>
        <source>What “{token}” (query {number}) attends to.</source>
        <translation>A qué atiende «{token}» (consulta {number}).</translation>
    </message>
    <message>
        <source>Pinned; Esc lets go.</source>
        <translation>Fijado; Esc lo suelta.</translation>
    </message>
    <message>
        <source>“{token}” {weight}</source>
        <translation>«{token}» {weight}</translation>
    </message>
    <message>
        <source>Most: {tokens}</source>
        <translation>Más: {tokens}</translation>
    </message>
    <message>
        <source>Rows: layers ({layers}) · Columns: heads · Each: query down, key across</source>
        <translation>Filas: capas ({layers}) · Columnas: cabezas · Cada una: consulta en vertical, clave en horizontal</translation>
    </message>
    <message>
        <source>Rows: layers ({layers}) · Columns: heads · Each: queries left, keys right</source>
        <translation>Filas: capas ({layers}) · Columnas: cabezas · Cada una: consultas a la izquierda, claves a la derecha</translation>
    </message>
    <message>
        <source>Rows: layers ({layers}) · Columns: heads · Each: the row of the token</source>
        <translation>Filas: capas ({layers}) · Columnas: cabezas · Cada una: la fila del token</translation>
    </message>
    <message>
        <source>computing…</source>
        <translation>calculando…</translation>
    </message>
    <message>
        <source>{count} tokens are too many for a matrix. The text above shows the row of each token.</source>
        <translation>{count} tokens son demasiados para una matriz. El texto de arriba muestra la fila de cada token.</translation>
    </message>
</context>
<context>
    <name>TokensControls</name>
    <message>
        <source>From this token</source>
        <translation>Desde este token</translation>
    </message>
    <message>
        <source>What the token you point at attends to: its row.</source>
        <translation>A qué atiende el token que señalas: su fila.</translation>
    </message>
    <message>
        <source>To this token</source>
        <translation>Hacia este token</translation>
    </message>
    <message>
        <source>Which tokens attend to the one you point at: its column.</source>
        <translation>Qué tokens atienden al que señalas: su columna.</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>This head</source>
        <translation>Esta cabeza</translation>
    </message>
    <message>
        <source>The head chosen among all heads.</source>
        <translation>La cabeza elegida entre todas las cabezas.</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Media</translation>
    </message>
    <message>
        <source>The mean over the heads of the layer.</source>
        <translation>La media de las cabezas de la capa.</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Máximo</translation>
    </message>
    <message>
        <source>The largest weight over the heads of the layer.</source>
        <translation>El mayor peso de las cabezas de la capa.</translation>
    </message>
    <message>
        <source>Some heads</source>
        <translation>Algunas cabezas</translation>
    </message>
    <message>
        <source>The mean over the heads you choose.</source>
        <translation>La media de las cabezas que elijas.</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>Cabezas</translation>
    </message>
    <message>
        <source>Heads that are averaged</source>
        <translation>Cabezas que se promedian</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Special tokens</source>
        <translation>Tokens especiales</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>visibles</translation>
    </message>
    <message>
        <source>dimmed</source>
        <translation>atenuados</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>omitidos</translation>
    </message>
    <message>
        <source>Tokens such as [CLS] or the end mark often take most of the attention and hide the rest.</source>
        <translation>Tokens como [CLS] o la marca de fin suelen llevarse casi toda la atención y ocultan el resto.</translation>
    </message>
    <message>
        <source>Rows sum to 1 again</source>
        <translation>Las filas vuelven a sumar 1</translation>
    </message>
    <message>
        <source>Divide what is left of each row by its sum, once special tokens are out.</source>
        <translation>Divide lo que queda de cada fila entre su suma, una vez fuera los tokens especiales.</translation>
    </message>
    <message>
        <source>Whole words</source>
        <translation>Palabras enteras</translation>
    </message>
    <message>
        <source>Pieces of a word become one: attention to it is their sum, attention from it their mean.</source>
        <translation>Los fragmentos de una palabra se unen: la atención hacia ella es su suma; la que parte de ella, su media.</translation>
    </message>
</context>
<context>
    <name>TokensPage</name>
    <message>
        <source>Queries</source>
        <translation>Consultas</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Claves</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matriz</translation>
    </message>
    <message>
        <source>Queries down, keys across; the wheel magnifies.</source>
        <translation>Consultas en vertical, claves en horizontal; la rueda amplía.</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>Enlaces</translation>
    </message>
    <message>
        <source>Queries left, keys right, a line for each weight.</source>
        <translation>Consultas a la izquierda, claves a la derecha, una línea por cada peso.</translation>
    </message>
    <message>
        <source>Picture of the pattern</source>
        <translation>Imagen del patrón</translation>
    </message>
    <message>
        <source>Matrices</source>
        <translation>Matrices</translation>
    </message>
    <message>
        <source>The whole pattern of every head.</source>
        <translation>El patrón entero de cada cabeza.</translation>
    </message>
    <message>
        <source>Every head as lines from queries to keys.</source>
        <translation>Cada cabeza como líneas de consultas a claves.</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Filas</translation>
    </message>
    <message>
        <source>What the token you point at attends to, per head.</source>
        <translation>A qué atiende el token que señalas, por cabeza.</translation>
    </message>
    <message>
        <source>Pictures of all heads</source>
        <translation>Imágenes de todas las cabezas</translation>
    </message>
    <message>
        <source>All heads</source>
        <translation>Todas las cabezas</translation>
    </message>
    <message>
        <source>Text, coloured by attention</source>
        <translation>Texto coloreado por la atención</translation>
    </message>
    <message>
        <source>The other side of the attention, coloured</source>
        <translation>El otro lado de la atención, coloreado</translation>
    </message>
    <message>
        <source>Attention pattern</source>
        <translation>Patrón de atención</translation>
    </message>
    <message>
        <source>Attention as links</source>
        <translation>Atención como enlaces</translation>
    </message>
    <message>
        <source>All heads of all layers</source>
        <translation>Todas las cabezas de todas las capas</translation>
    </message>
</context>
<context>
    <name>WhatIf</name>
    <message>
        <source>What if</source>
        <translation>¿Y si…?</translation>
    </message>
    <message>
        <source>This head off</source>
        <translation>Apagar esta cabeza</translation>
    </message>
    <message>
        <source>Only this head</source>
        <translation>Solo esta cabeza</translation>
    </message>
    <message>
        <source>Uniform attention</source>
        <translation>Atención uniforme</translation>
    </message>
    <message>
        <source>Scores not scaled</source>
        <translation>Puntuaciones sin escalar</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatura</translation>
    </message>
    <message>
        <source>Hide this token</source>
        <translation>Ocultar este token</translation>
    </message>
    <message>
        <source>Zero its value</source>
        <translation>Anular su valor</translation>
    </message>
    <message>
        <source>Positions zero</source>
        <translation>Posiciones a cero</translation>
    </message>
    <message>
        <source>Positions shuffled</source>
        <translation>Posiciones barajadas</translation>
    </message>
    <message>
        <source>Positions shifted</source>
        <translation>Posiciones desplazadas</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head} off: logit {value}</source>
        <translation>Capa {layer}, cabeza {head} apagada: logit {value}</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head} off: probability {value}</source>
        <translation>Capa {layer}, cabeza {head} apagada: probabilidad {value}</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head} off: KL {value} nats</source>
        <translation>Capa {layer}, cabeza {head} apagada: KL {value} nats</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head} off: outputs move by {value}</source>
        <translation>Capa {layer}, cabeza {head} apagada: las salidas se mueven {value}</translation>
    </message>
    <message>
        <source>Moves the outputs most: layer {layer}, head {head} ({value} of their size).</source>
        <translation>Lo que más mueve las salidas: capa {layer}, cabeza {head} ({value} de su tamaño).</translation>
    </message>
    <message>
        <source>Most damage: layer {layer}, head {head} ({value} nats, mean over {rows} tokens).</source>
        <translation>Mayor daño: capa {layer}, cabeza {head} ({value} nats, media sobre {rows} tokens).</translation>
    </message>
    <message>
        <source>Most damage: layer {layer}, head {head} ({value} nats).</source>
        <translation>Mayor daño: capa {layer}, cabeza {head} ({value} nats).</translation>
    </message>
    <message>
        <source>Most damage to “{winner}” ({before} with all heads): layer {layer}, head {head} ({value}).</source>
        <translation>Mayor daño a «{winner}» ({before} con todas las cabezas): capa {layer}, cabeza {head} ({value}).</translation>
    </message>
</context>
<context>
    <name>WhatIfControls</name>
    <message>
        <source>Interventions</source>
        <translation>Intervenciones</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Dónde</translation>
    </message>
    <message>
        <source>This layer</source>
        <translation>Esta capa</translation>
    </message>
    <message>
        <source>Softmaxes, scales and tokens of the chosen layer</source>
        <translation>Softmax, escalas y tokens de la capa elegida</translation>
    </message>
    <message>
        <source>Every layer</source>
        <translation>Todas las capas</translation>
    </message>
    <message>
        <source>Softmaxes, scales and tokens of all layers</source>
        <translation>Softmax, escalas y tokens de todas las capas</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Take all back</source>
        <translation>Deshacer todo</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatura</translation>
    </message>
    <message>
        <source>Interventions made</source>
        <translation>Intervenciones hechas</translation>
    </message>
    <message>
        <source>None: the model as it is</source>
        <translation>Ninguna: el modelo tal cual</translation>
    </message>
</context>
<context>
    <name>WhatIfView</name>
    <message>
        <source>As it is</source>
        <translation>Tal cual</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Cambiado</translation>
    </message>
    <message>
        <source>How far each head moved</source>
        <translation>Cuánto se movió cada cabeza</translation>
    </message>
    <message>
        <source>Heads before and after the changes</source>
        <translation>Las cabezas antes y después de los cambios</translation>
    </message>
    <message>
        <source>Damage of each head</source>
        <translation>Daño de cada cabeza</translation>
    </message>
    <message>
        <source>What the model loses without each head</source>
        <translation>Lo que el modelo pierde sin cada cabeza</translation>
    </message>
    <message>
        <source>All heads</source>
        <translation>Todas las cabezas</translation>
    </message>
    <message>
        <source>Half the sum of |change| of its weights: 0 is the same, 1 nothing shared.</source>
        <translation>La mitad de la suma de |cambio| de sus pesos: 0 es igual, 1 nada en común.</translation>
    </message>
    <message>
        <source>What the chosen head attends to, model as it is</source>
        <translation>A qué atiende la cabeza elegida, modelo tal cual</translation>
    </message>
    <message>
        <source>What the chosen head attends to, model changed</source>
        <translation>A qué atiende la cabeza elegida, modelo cambiado</translation>
    </message>
    <message>
        <source>Row of the chosen head: as it is above, changed below</source>
        <translation>Fila de la cabeza elegida: tal cual arriba, cambiada abajo</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>Next token</source>
        <translation>Token siguiente</translation>
    </message>
    <message>
        <source>Token here</source>
        <translation>Token aquí</translation>
    </message>
    <message>
        <source>Δ logit</source>
        <translation>Δ logit</translation>
    </message>
    <message>
        <source>Weights over the {count} keys; at {key}</source>
        <translation>Pesos sobre las {count} claves; en {key}</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Cambio</translation>
    </message>
    <message>
        <source>This model names no classes.</source>
        <translation>Este modelo no nombra clases.</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}: moved by {value}</source>
        <translation>Capa {layer}, cabeza {head}: se movió {value}</translation>
    </message>
    <message>
        <source>mean over queries</source>
        <translation>media de las consultas</translation>
    </message>
    <message>
        <source>query {token}</source>
        <translation>consulta {token}</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}, {where}</source>
        <translation>Capa {layer}, cabeza {head}, {where}</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>This run needs {need} MB of shared memory, and the system has {free} MB to give.</source>
        <translation>Esta ejecución necesita {need} MB de memoria compartida, y el sistema puede dar {free} MB.</translation>
    </message>
    <message>
        <source>Use a smaller image, or give /dev/shm more room (in a container: --shm-size=2g).</source>
        <translation>Usa una imagen menor, o da más espacio a /dev/shm (en un contenedor: --shm-size=2g).</translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>No hay memoria suficiente para esto.</translation>
    </message>
    <message>
        <source>Close other programs, or use a smaller image or model.</source>
        <translation>Cierra otros programas, o usa una imagen o un modelo menores.</translation>
    </message>
    <message>
        <source>The engine has no run to read from.</source>
        <translation>El motor no tiene ninguna ejecución que leer.</translation>
    </message>
    <message>
        <source>Run the photo again.</source>
        <translation>Vuelve a pasar la foto.</translation>
    </message>
    <message>
        <source>Site {site} has no class token.</source>
        <translation>El sitio {site} no tiene token de clase.</translation>
    </message>
    <message>
        <source>Point at a patch instead.</source>
        <translation>Señala un parche en su lugar.</translation>
    </message>
    <message>
        <source>“{name}” takes images of {rows} × {columns} pixels only.</source>
        <translation>«{name}» solo toma imágenes de {rows} × {columns} píxeles.</translation>
    </message>
    <message>
        <source>Leave the size out, or export the model with another one.</source>
        <translation>No indiques el tamaño, o exporta el modelo con otro.</translation>
    </message>
    <message>
        <source>“{name}” does not exist.</source>
        <translation>«{name}» no existe.</translation>
    </message>
    <message>
        <source>Check the path, or choose the file again.</source>
        <translation>Revisa la ruta, o elige de nuevo el archivo.</translation>
    </message>
    <message>
        <source>“{name}” cannot be read: permission denied.</source>
        <translation>No se puede leer «{name}»: permiso denegado.</translation>
    </message>
    <message>
        <source>Give yourself permission to read it, or copy it elsewhere.</source>
        <translation>Date permiso para leerlo, o cópialo a otro lugar.</translation>
    </message>
    <message>
        <source>Something went wrong inside Mirada: {reason}.</source>
        <translation>Algo falló dentro de Mirada: {reason}.</translation>
    </message>
    <message>
        <source>What is on screen is kept; please report this with the file’s name.</source>
        <translation>Lo que está en pantalla se conserva; por favor, informa de ello con el nombre del archivo.</translation>
    </message>
    <message>
        <source>“{name}” cannot be written: {reason}.</source>
        <translation>No se puede escribir «{name}»: {reason}.</translation>
    </message>
    <message>
        <source>Choose a folder that exists and where you may write.</source>
        <translation>Elige una carpeta que exista y en la que puedas escribir.</translation>
    </message>
    <message>
        <source>A figure cannot be saved as “{name}”.</source>
        <translation>Una figura no se puede guardar como «{name}».</translation>
    </message>
    <message>
        <source>End its name in .png, .jpg, .webp, .tiff, .bmp or .pdf.</source>
        <translation>Termina su nombre en .png, .jpg, .webp, .tiff, .bmp o .pdf.</translation>
    </message>
    <message>
        <source>“{name}” is read by this command and would be overwritten.</source>
        <translation>Esta orden lee «{name}» y lo sobrescribiría.</translation>
    </message>
    <message>
        <source>Choose another name for the output.</source>
        <translation>Elige otro nombre para la salida.</translation>
    </message>
    <message>
        <source>“{name}” is empty.</source>
        <translation>«{name}» está vacío.</translation>
    </message>
    <message>
        <source>Download or export it again.</source>
        <translation>Descárgalo o expórtalo de nuevo.</translation>
    </message>
    <message>
        <source>“{name}” is not an ONNX model, or it is damaged or cut short.</source>
        <translation>«{name}» no es un modelo ONNX, o está dañado o incompleto.</translation>
    </message>
    <message>
        <source>Check that the download finished; a model saved by PyTorch (.pt) must be exported to ONNX first.</source>
        <translation>Comprueba que la descarga terminó; un modelo guardado por PyTorch (.pt) debe exportarse antes a ONNX.</translation>
    </message>
    <message>
        <source>The graph of “{name}” does not hold together.</source>
        <translation>El grafo de «{name}» no es coherente.</translation>
    </message>
    <message>
        <source>“{name}” holds no operators, so there is nothing to run.</source>
        <translation>«{name}» no contiene operadores, así que no hay nada que ejecutar.</translation>
    </message>
    <message>
        <source>Export the model again.</source>
        <translation>Exporta el modelo de nuevo.</translation>
    </message>
    <message>
        <source>“{name}” is not a regular file.</source>
        <translation>«{name}» no es un archivo normal.</translation>
    </message>
    <message>
        <source>“{name}” is only a Git LFS pointer; the model itself was not downloaded.</source>
        <translation>«{name}» es solo un puntero de Git LFS; el modelo en sí no se descargó.</translation>
    </message>
    <message>
        <source>Run “git lfs pull” in its repository, then open it again.</source>
        <translation>Ejecuta «git lfs pull» en su repositorio y ábrelo de nuevo.</translation>
    </message>
    <message>
        <source>The weights file “{file}” that “{name}” needs is missing.</source>
        <translation>Falta el archivo de pesos «{file}» que «{name}» necesita.</translation>
    </message>
    <message>
        <source>Put it in the same folder as the model and open the model again.</source>
        <translation>Ponlo en la misma carpeta que el modelo y abre de nuevo el modelo.</translation>
    </message>
    <message>
        <source>The weights file “{file}” is shorter than “{name}” says.</source>
        <translation>El archivo de pesos «{file}» es más corto de lo que dice «{name}».</translation>
    </message>
    <message>
        <source>Download both files again; one of them was cut short.</source>
        <translation>Descarga de nuevo los dos archivos; uno de ellos quedó incompleto.</translation>
    </message>
    <message>
        <source>“{name}” points at weights outside its own folder (“{file}”).</source>
        <translation>«{name}» apunta a pesos fuera de su propia carpeta («{file}»).</translation>
    </message>
    <message>
        <source>Mirada does not follow such a path; ask whoever gave you the model for weights beside it.</source>
        <translation>Mirada no sigue una ruta así; pide a quien te dio el modelo los pesos junto a él.</translation>
    </message>
    <message>
        <source>The folder “{name}” holds no .onnx model.</source>
        <translation>La carpeta «{name}» no contiene ningún modelo .onnx.</translation>
    </message>
    <message>
        <source>Choose an .onnx file, or a folder that holds model.onnx.</source>
        <translation>Elige un archivo .onnx, o una carpeta que contenga model.onnx.</translation>
    </message>
    <message>
        <source>The folder “{name}” holds several models: {files}.</source>
        <translation>La carpeta «{name}» contiene varios modelos: {files}.</translation>
    </message>
    <message>
        <source>Open one of these files.</source>
        <translation>Abre uno de estos archivos.</translation>
    </message>
    <message>
        <source>Transparent parts are shown on white.</source>
        <translation>Las partes transparentes se muestran sobre blanco.</translation>
    </message>
    <message>
        <source>Converted from print colours (CMYK) to RGB.</source>
        <translation>Convertida de colores de imprenta (CMYK) a RGB.</translation>
    </message>
    <message>
        <source>Colours converted to sRGB from the profile “{profile}”.</source>
        <translation>Colores convertidos a sRGB desde el perfil «{profile}».</translation>
    </message>
    <message>
        <source>The file’s colour profile could not be used; colours may be off.</source>
        <translation>No se pudo usar el perfil de color del archivo; los colores pueden no ser exactos.</translation>
    </message>
    <message>
        <source>Reduced from {bits} bits per channel to 8.</source>
        <translation>Reducida de {bits} bits por canal a 8.</translation>
    </message>
    <message>
        <source>Brightness stretched from the range {low} … {high} to 0 … 255.</source>
        <translation>Brillo estirado del intervalo {low} … {high} a 0 … 255.</translation>
    </message>
    <message>
        <source>“{name}” asks for {keys}, which Mirada does not follow.</source>
        <translation>«{name}» pide {keys}, que Mirada no aplica.</translation>
    </message>
    <message>
        <source>“{name}” is for a {processor}, unknown to Mirada: steps of its own are left out.</source>
        <translation>«{name}» es para un {processor}, que Mirada no conoce: se omiten sus pasos propios.</translation>
    </message>
    <message>
        <source>class {index}</source>
        <translation>clase {index}</translation>
    </message>
    <message>
        <source>A photo cannot be run on “{name}”: its inputs are {inputs}.</source>
        <translation>No se puede pasar una foto por «{name}»: sus entradas son {inputs}.</translation>
    </message>
    <message>
        <source>Open a model with exactly one input that takes an image.</source>
        <translation>Abre un modelo con exactamente una entrada que tome una imagen.</translation>
    </message>
    <message>
        <source>No file beside the model says how images are prepared: this is a guess.</source>
        <translation>Ningún archivo junto al modelo dice cómo se preparan las imágenes: esto es una suposición.</translation>
    </message>
    <message>
        <source>The model takes any size: {rows} × {columns} pixels is a guess.</source>
        <translation>El modelo toma cualquier tamaño: {rows} × {columns} píxeles es una suposición.</translation>
    </message>
    <message>
        <source>The model takes any size: {rows} × {columns} is from config.json.</source>
        <translation>El modelo toma cualquier tamaño: {rows} × {columns} es de config.json.</translation>
    </message>
    <message>
        <source>Mean and deviation 0.5 are a guess: usual for Hugging Face ViTs, whose input is “{name}”.</source>
        <translation>Media y desviación de 0.5 son una suposición: lo habitual en los ViT de Hugging Face, cuya entrada es «{name}».</translation>
    </message>
    <message>
        <source>ImageNet’s mean and deviation are a guess: most models use them.</source>
        <translation>La media y la desviación de ImageNet son una suposición: las usa la mayoría de los modelos.</translation>
    </message>
    <message>
        <source>The input has one channel: the image becomes grey, from 0 to 1 (a guess).</source>
        <translation>La entrada tiene un canal: la imagen pasa a gris, de 0 a 1 (una suposición).</translation>
    </message>
    <message>
        <source>The input takes whole numbers ({dtype}): pixels go in as 0 to 255.</source>
        <translation>La entrada toma números enteros ({dtype}): los píxeles entran de 0 a 255.</translation>
    </message>
    <message>
        <source>Channels are taken to come {place} (a guess).</source>
        <translation>Se supone que los canales van {place}.</translation>
    </message>
    <message>
        <source>The whole image is stretched to the model’s size (a guess).</source>
        <translation>La imagen entera se estira al tamaño del modelo (una suposición).</translation>
    </message>
    <message>
        <source>The files say {said_rows} × {said_columns} pixels, but the model takes {rows} × {columns}.</source>
        <translation>Los archivos dicen {said_rows} × {said_columns} píxeles, pero el modelo toma {rows} × {columns}.</translation>
    </message>
    <message>
        <source>The middle {rows} × {columns} pixels are cut out: all that the model takes.</source>
        <translation>Se recortan los {rows} × {columns} píxeles centrales: todo lo que toma el modelo.</translation>
    </message>
    <message>
        <source>The model has {channels} channel(s): mean and deviation are averaged.</source>
        <translation>Canales del modelo: {channels}; la media y la desviación se promedian.</translation>
    </message>
    <message>
        <source>The model takes {batch} images at once: it gets this one {batch} times.</source>
        <translation>El modelo toma {batch} imágenes a la vez: recibe esta {batch} veces.</translation>
    </message>
    <message>
        <source>The model takes several images ({names}): a single photo cannot fill them.</source>
        <translation>El modelo toma varias imágenes ({names}): una sola foto no basta.</translation>
    </message>
    <message>
        <source>“{name}” is not an image that Mirada can read.</source>
        <translation>«{name}» no es una imagen que Mirada pueda leer.</translation>
    </message>
    <message>
        <source>Use a PNG, JPEG, WebP, BMP, GIF or TIFF file.</source>
        <translation>Usa un archivo PNG, JPEG, WebP, BMP, GIF o TIFF.</translation>
    </message>
    <message>
        <source>Copy or download the image again.</source>
        <translation>Copia o descarga de nuevo la imagen.</translation>
    </message>
    <message>
        <source>“{name}” is damaged or cut short: {reason}.</source>
        <translation>«{name}» está dañado o incompleto: {reason}.</translation>
    </message>
    <message>
        <source>Copy or download it again, or save it anew in an image editor.</source>
        <translation>Cópialo o descárgalo de nuevo, o guárdalo otra vez en un editor de imágenes.</translation>
    </message>
    <message>
        <source>“{name}” has {columns} × {rows} pixels, more than the limit of {limit} million.</source>
        <translation>«{name}» tiene {columns} × {rows} píxeles, más que el límite de {limit} millones.</translation>
    </message>
    <message>
        <source>Save a copy a few thousand pixels wide and open that.</source>
        <translation>Guarda una copia de unos miles de píxeles de ancho y abre esa.</translation>
    </message>
    <message>
        <source>“{name}” is a folder, not an image.</source>
        <translation>«{name}» es una carpeta, no una imagen.</translation>
    </message>
    <message>
        <source>Choose an image file inside it.</source>
        <translation>Elige un archivo de imagen dentro de ella.</translation>
    </message>
    <message>
        <source>“{name}” cannot be read: {reason}.</source>
        <translation>No se puede leer «{name}»: {reason}.</translation>
    </message>
    <message>
        <source>Copy it to a local disk and open the copy.</source>
        <translation>Cópialo a un disco local y abre la copia.</translation>
    </message>
    <message>
        <source>Turned upright, as the camera noted in the file.</source>
        <translation>Girada hasta quedar derecha, como anotó la cámara en el archivo.</translation>
    </message>
    <message>
        <source>Only the first of several frames is shown.</source>
        <translation>Solo se muestra el primero de varios fotogramas.</translation>
    </message>
    <message>
        <source>Reduced from {columns} × {rows} pixels to save memory.</source>
        <translation>Reducida desde {columns} × {rows} píxeles para ahorrar memoria.</translation>
    </message>
    <message>
        <source>There is no colour map called “{name}”.</source>
        <translation>No hay ningún mapa de color llamado «{name}».</translation>
    </message>
    <message>
        <source>Use viridis, magma, inferno, cividis, turbo or gray.</source>
        <translation>Usa viridis, magma, inferno, cividis, turbo o gray.</translation>
    </message>
    <message>
        <source>“{name}” would become {columns} × {rows} pixels for the model, more than it can be given.</source>
        <translation>«{name}» llegaría al modelo con {columns} × {rows} píxeles, más de los que se le pueden dar.</translation>
    </message>
    <message>
        <source>Use a less elongated image, or choose another resize mode.</source>
        <translation>Usa una imagen menos alargada, o elige otro modo de escalado.</translation>
    </message>
    <message>
        <source>“{name}” beside the model is not valid JSON ({reason}).</source>
        <translation>«{name}», junto al modelo, no es JSON válido ({reason}).</translation>
    </message>
    <message>
        <source>Correct the file, or move it away to let Mirada guess.</source>
        <translation>Corrige el archivo, o apártalo para que Mirada suponga.</translation>
    </message>
    <message>
        <source>No file beside the model says how sounds are prepared: {rate} samples per second is a guess.</source>
        <translation>Ningún archivo junto al modelo dice cómo se prepara el sonido: {rate} muestras por segundo es una suposición.</translation>
    </message>
    <message>
        <source>In “{name}” beside the model, “{key}” cannot be used: {value}.</source>
        <translation>En «{name}», junto al modelo, no se puede usar «{key}»: {value}.</translation>
    </message>
    <message>
        <source>Correct it, or move the file away to let Mirada guess.</source>
        <translation>Corrígelo, o aparta el archivo para que Mirada suponga.</translation>
    </message>
    <message>
        <source>added to the tokens</source>
        <translation>sumada a los tokens</translation>
    </message>
    <message>
        <source>added to the queries and keys of {sites}</source>
        <translation>sumada a las consultas y claves de {sites}</translation>
    </message>
    <message>
        <source>turns the queries and keys of {sites}</source>
        <translation>gira las consultas y claves de {sites}</translation>
    </message>
    <message>
        <source>added to the scores of {sites}</source>
        <translation>sumada a las puntuaciones de {sites}</translation>
    </message>
    <message>
        <source>No attention was found in “{name}”.</source>
        <translation>No se encontró atención en «{name}».</translation>
    </message>
    <message>
        <source>Inspect it: the softmaxes that were not taken are listed with the reason.</source>
        <translation>Inspecciónalo: los softmax que no se tomaron se listan con el motivo.</translation>
    </message>
    <message>
        <source>“{name}” has no site {index}.</source>
        <translation>«{name}» no tiene sitio {index}.</translation>
    </message>
    <message>
        <source>Its sites are 0 to {last}.</source>
        <translation>Sus sitios van de 0 a {last}.</translation>
    </message>
    <message>
        <source>Site {site} has no head {index}.</source>
        <translation>El sitio {site} no tiene cabeza {index}.</translation>
    </message>
    <message>
        <source>Its heads are 0 to {last}.</source>
        <translation>Sus cabezas van de 0 a {last}.</translation>
    </message>
    <message>
        <source>Site {site} has no token {index} here.</source>
        <translation>El sitio {site} no tiene aquí token {index}.</translation>
    </message>
    <message>
        <source>Its tokens are 0 to {last}.</source>
        <translation>Sus tokens van de 0 a {last}.</translation>
    </message>
    <message>
        <source>Site {site} has no patch in row {row}, column {column}.</source>
        <translation>El sitio {site} no tiene parche en la fila {row}, columna {column}.</translation>
    </message>
    <message>
        <source>Its rows are 0 to {last_row}, its columns 0 to {last_column}.</source>
        <translation>Sus filas van de 0 a {last_row}, sus columnas de 0 a {last_column}.</translation>
    </message>
    <message>
        <source>The tokens of site {site} do not lie on the image as a patch grid.</source>
        <translation>Los tokens del sitio {site} no forman una cuadrícula de parches sobre la imagen.</translation>
    </message>
    <message>
        <source>Give the number of the token, from 0 to {last}.</source>
        <translation>Indica el número del token, de 0 a {last}.</translation>
    </message>
    <message>
        <source>The {tokens} tokens of site {site} do not lie on the image as a patch grid.</source>
        <translation>Los {tokens} tokens del sitio {site} no forman una cuadrícula de parches sobre la imagen.</translation>
    </message>
    <message>
        <source>Choose another site, or save the numbers instead of a figure.</source>
        <translation>Elige otro sitio, o guarda los números en lugar de una figura.</translation>
    </message>
    <message>
        <source>This run was made from arrays, not from a photo.</source>
        <translation>Esta ejecución se hizo con matrices, no con una foto.</translation>
    </message>
    <message>
        <source>Run the model on a photo to draw a figure.</source>
        <translation>Pasa una foto por el modelo para dibujar una figura.</translation>
    </message>
    <message>
        <source>“{name}” was not kept in this run.</source>
        <translation>«{name}» no se conservó en esta ejecución.</translation>
    </message>
    <message>
        <source>Run the model again and ask for it there.</source>
        <translation>Vuelve a ejecutar el modelo y pídelo allí.</translation>
    </message>
    <message>
        <source>Site {site} shows no {part}: only its pattern can be read.</source>
        <translation>El sitio {site} no muestra {part}: solo se puede leer su patrón.</translation>
    </message>
    <message>
        <source>Look at its pattern, or at another site.</source>
        <translation>Mira su patrón, u otro sitio.</translation>
    </message>
    <message>
        <source>“{name}” uses a newer ONNX operator set than this version of ONNX Runtime knows.</source>
        <translation>«{name}» usa un conjunto de operadores ONNX más nuevo de lo que conoce esta versión de ONNX Runtime.</translation>
    </message>
    <message>
        <source>Export it again for opset {known} or lower, or update Mirada.</source>
        <translation>Expórtalo de nuevo con opset {known} o menor, o actualiza Mirada.</translation>
    </message>
    <message>
        <source>“{name}” uses a newer operator set “{domain}” than this version of ONNX Runtime knows.</source>
        <translation>«{name}» usa un conjunto de operadores «{domain}» más nuevo que el que conoce esta versión de ONNX Runtime.</translation>
    </message>
    <message>
        <source>Export it again for version {known} of that set or lower, or update Mirada.</source>
        <translation>Expórtalo de nuevo para la versión {known} de ese conjunto o una anterior, o actualiza Mirada.</translation>
    </message>
    <message>
        <source>“{name}” is written in a newer ONNX file format than this version of ONNX Runtime reads.</source>
        <translation>«{name}» está escrito en un formato de archivo ONNX más nuevo que el que lee esta versión de ONNX Runtime.</translation>
    </message>
    <message>
        <source>Save it again with IR version {known} or lower, or update Mirada.</source>
        <translation>Guárdalo de nuevo con la versión de IR {known} o una anterior, o actualiza Mirada.</translation>
    </message>
    <message>
        <source>“{name}” uses an operator that ONNX Runtime does not have: {operator}.</source>
        <translation>«{name}» usa un operador que ONNX Runtime no tiene: {operator}.</translation>
    </message>
    <message>
        <source>Export the model without custom operators.</source>
        <translation>Exporta el modelo sin operadores propios.</translation>
    </message>
    <message>
        <source>“{name}” uses the operator {operator}, which its ONNX operator set ({opset}) does not have.</source>
        <translation>«{name}» usa el operador {operator}, que no existe en su conjunto de operadores de ONNX ({opset}).</translation>
    </message>
    <message>
        <source>Export it again for another opset.</source>
        <translation>Expórtalo de nuevo para otro opset.</translation>
    </message>
    <message>
        <source>ONNX Runtime cannot compute the operator {operator} of “{name}” with these types of numbers.</source>
        <translation>ONNX Runtime no puede calcular el operador {operator} de «{name}» con estos tipos de números.</translation>
    </message>
    <message>
        <source>Export the model in float32.</source>
        <translation>Exporta el modelo en float32.</translation>
    </message>
    <message>
        <source>“{name}” computes in bfloat16, for which ONNX Runtime has no {operator} on the processor.</source>
        <translation>«{name}» calcula en bfloat16, y ONNX Runtime no tiene {operator} para esos números en el procesador.</translation>
    </message>
    <message>
        <source>Export the model in float32 or float16.</source>
        <translation>Exporta el modelo en float32 o float16.</translation>
    </message>
    <message>
        <source>ONNX Runtime refuses “{name}”: {reason}.</source>
        <translation>ONNX Runtime rechaza «{name}»: {reason}.</translation>
    </message>
    <message>
        <source>Check the model with onnx.checker, or export it again.</source>
        <translation>Revisa el modelo con onnx.checker, o expórtalo de nuevo.</translation>
    </message>
    <message>
        <source>There is not enough memory to run “{name}” on this input.</source>
        <translation>No hay memoria suficiente para ejecutar «{name}» con esta entrada.</translation>
    </message>
    <message>
        <source>Close other programs, or take a smaller image or a shorter text.</source>
        <translation>Cierra otros programas, o toma una imagen menor o un texto más corto.</translation>
    </message>
    <message>
        <source>“{name}” failed while running: {reason}.</source>
        <translation>«{name}» falló durante la ejecución: {reason}.</translation>
    </message>
    <message>
        <source>Check that the input has the size and type the model expects.</source>
        <translation>Comprueba que la entrada tenga el tamaño y el tipo que el modelo espera.</translation>
    </message>
    <message>
        <source>The run was cancelled.</source>
        <translation>La ejecución se canceló.</translation>
    </message>
    <message>
        <source>Run it again whenever you like.</source>
        <translation>Vuelve a ejecutarla cuando quieras.</translation>
    </message>
    <message>
        <source>The model needs the input “{name}”, which was not given.</source>
        <translation>El modelo necesita la entrada «{name}», que no se dio.</translation>
    </message>
    <message>
        <source>Give an array of shape {shape} for it.</source>
        <translation>Da para ella una matriz de forma {shape}.</translation>
    </message>
    <message>
        <source>The model has no input “{name}”.</source>
        <translation>El modelo no tiene entrada «{name}».</translation>
    </message>
    <message>
        <source>Its inputs are: {known}.</source>
        <translation>Sus entradas son: {known}.</translation>
    </message>
    <message>
        <source>The input “{name}” was given with shape {given}; the model takes {shape}.</source>
        <translation>La entrada «{name}» se dio con la forma {given}; el modelo toma {shape}.</translation>
    </message>
    <message>
        <source>Give an array of that shape; sizes with a name are free.</source>
        <translation>Da una matriz de esa forma; los tamaños con nombre son libres.</translation>
    </message>
    <message>
        <source>What was given for the input “{name}” cannot be read as {dtype}.</source>
        <translation>Lo que se dio para la entrada «{name}» no puede leerse como {dtype}.</translation>
    </message>
    <message>
        <source>Give an array of that type.</source>
        <translation>Da una matriz de ese tipo.</translation>
    </message>
    <message>
        <source>its probabilities are the model’s answer; no values are weighted by them</source>
        <translation>sus probabilidades son la respuesta del modelo; no ponderan valores</translation>
    </message>
    <message>
        <source>its probabilities choose experts or candidates (TopK); they weigh no tokens</source>
        <translation>sus probabilidades eligen expertos o candidatos (TopK); no ponderan tokens</translation>
    </message>
    <message>
        <source>its probabilities are factors of branches, channels or experts (a gate); they weigh no tokens</source>
        <translation>sus probabilidades son factores de ramas, canales o expertos (una compuerta); no ponderan tokens</translation>
    </message>
    <message>
        <source>its probabilities weigh constant numbers, such as the bins of a distribution; no values of the input</source>
        <translation>sus probabilidades ponderan números constantes, como los intervalos de una distribución; no valores de la entrada</translation>
    </message>
    <message>
        <source>its probabilities are mixed with others before values are weighed by them (gated attention)</source>
        <translation>sus probabilidades se mezclan con otras antes de ponderar los valores (atención con compuerta)</translation>
    </message>
    <message>
        <source>no product with values follows it</source>
        <translation>no le sigue ningún producto con valores</translation>
    </message>
    <message>
        <source>each of its scores is made from one position alone; no query is compared with a key</source>
        <translation>cada una de sus puntuaciones se hace con una sola posición; ninguna consulta se compara con una clave</translation>
    </message>
    <message>
        <source>no product of queries with keys stands above it</source>
        <translation>no hay sobre él ningún producto de consultas con claves</translation>
    </message>
    <message>
        <source>it normalises over an axis that is not contracted with values</source>
        <translation>normaliza sobre un eje que no se contrae con los valores</translation>
    </message>
    <message>
        <source>the axes around it could not be told apart</source>
        <translation>no se pudieron distinguir los ejes a su alrededor</translation>
    </message>
    <message>
        <source>Attention cannot be rolled out through this model: its layers do not share their tokens.</source>
        <translation>La atención no se puede encadenar a través de este modelo: sus capas no comparten los tokens.</translation>
    </message>
    <message>
        <source>Look at single layers instead.</source>
        <translation>Mira capas sueltas en su lugar.</translation>
    </message>
    <message>
        <source>Attention cannot be rolled out through this model: it has no self-attention.</source>
        <translation>La atención no se puede encadenar a través de este modelo: no tiene autoatención.</translation>
    </message>
    <message>
        <source>layer {site}: head {heads} off</source>
        <translation>capa {site}: cabeza {heads} apagada</translation>
    </message>
    <message>
        <source>layer {site}: only head {heads}</source>
        <translation>capa {site}: solo la cabeza {heads}</translation>
    </message>
    <message>
        <source>layer {site}: uniform attention</source>
        <translation>capa {site}: atención uniforme</translation>
    </message>
    <message>
        <source>every layer: uniform attention</source>
        <translation>todas las capas: atención uniforme</translation>
    </message>
    <message>
        <source>layer {site}: temperature {value}</source>
        <translation>capa {site}: temperatura {value}</translation>
    </message>
    <message>
        <source>every layer: temperature {value}</source>
        <translation>todas las capas: temperatura {value}</translation>
    </message>
    <message>
        <source>layer {site}: scores not scaled</source>
        <translation>capa {site}: puntuaciones sin escalar</translation>
    </message>
    <message>
        <source>every layer: scores not scaled</source>
        <translation>todas las capas: puntuaciones sin escalar</translation>
    </message>
    <message>
        <source>layer {site}: token {tokens} hidden</source>
        <translation>capa {site}: token {tokens} oculto</translation>
    </message>
    <message>
        <source>every layer: token {tokens} hidden</source>
        <translation>todas las capas: token {tokens} oculto</translation>
    </message>
    <message>
        <source>layer {site}: value of token {tokens} zero</source>
        <translation>capa {site}: valor del token {tokens} anulado</translation>
    </message>
    <message>
        <source>every layer: value of token {tokens} zero</source>
        <translation>todas las capas: valor del token {tokens} anulado</translation>
    </message>
    <message>
        <source>positions zero</source>
        <translation>posiciones a cero</translation>
    </message>
    <message>
        <source>positions shuffled (seed {seed})</source>
        <translation>posiciones barajadas (semilla {seed})</translation>
    </message>
    <message>
        <source>positions shifted by {by}</source>
        <translation>posiciones desplazadas en {by}</translation>
    </message>
    <message>
        <source>positions resampled to {grid} and back</source>
        <translation>posiciones remuestreadas a {grid} y de vuelta</translation>
    </message>
    <message>
        <source>This cannot be changed at site {site}: {op} keeps its softmax to itself.</source>
        <translation>Esto no se puede cambiar en el sitio {site}: {op} guarda su softmax para sí.</translation>
    </message>
    <message>
        <source>Switch heads off instead, or export the model without fused attention.</source>
        <translation>Apaga cabezas en su lugar, o exporta el modelo sin atención fusionada.</translation>
    </message>
    <message>
        <source>There is no site {site}: the model has {count}.</source>
        <translation>No hay sitio {site}: el modelo tiene {count}.</translation>
    </message>
    <message>
        <source>Choose a site from 0 to {last}.</source>
        <translation>Elige un sitio de 0 a {last}.</translation>
    </message>
    <message>
        <source>There is no head {head} at site {site}: it has {count}.</source>
        <translation>No hay cabeza {head} en el sitio {site}: tiene {count}.</translation>
    </message>
    <message>
        <source>Choose a head from 0 to {last}.</source>
        <translation>Elige una cabeza de 0 a {last}.</translation>
    </message>
    <message>
        <source>Site {site} has no constant scale to leave out.</source>
        <translation>El sitio {site} no tiene una escala constante que quitar.</translation>
    </message>
    <message>
        <source>Change the temperature instead.</source>
        <translation>Cambia la temperatura en su lugar.</translation>
    </message>
    <message>
        <source>The model takes no image.</source>
        <translation>El modelo no toma ninguna imagen.</translation>
    </message>
    <message>
        <source>These tokens are not places on the image.</source>
        <translation>Estos tokens no son lugares de la imagen.</translation>
    </message>
    <message>
        <source>Which patches these tokens are is picked by the input “{input}”, in every run anew.</source>
        <translation>Qué parches son estos tokens lo elige la entrada «{input}», de nuevo en cada ejecución.</translation>
    </message>
    <message>
        <source>These tokens lie on several images: {images}.</source>
        <translation>Estos tokens están en varias imágenes: {images}.</translation>
    </message>
    <message>
        <source>How {tokens} tokens lie on the image could not be told.</source>
        <translation>No se pudo saber cómo se sitúan {tokens} tokens en la imagen.</translation>
    </message>
    <message>
        <source>q · k</source>
        <translation>q · k</translation>
    </message>
    <message>
        <source>× {factor}</source>
        <translation>× {factor}</translation>
    </message>
    <message>
        <source>÷ {factor}</source>
        <translation>÷ {factor}</translation>
    </message>
    <message>
        <source>× a number of the graph</source>
        <translation>× un número del grafo</translation>
    </message>
    <message>
        <source>÷ a number of the graph</source>
        <translation>÷ un número del grafo</translation>
    </message>
    <message>
        <source>+ bias</source>
        <translation>+ sesgo</translation>
    </message>
    <message>
        <source>+ mask</source>
        <translation>+ máscara</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>enmascarado</translation>
    </message>
    <message>
        <source>later keys hidden</source>
        <translation>claves posteriores ocultas</translation>
    </message>
    <message>
        <source>far keys hidden</source>
        <translation>claves lejanas ocultas</translation>
    </message>
    <message>
        <source>soft cap (tanh)</source>
        <translation>tope suave (tanh)</translation>
    </message>
    <message>
        <source>kept above {factor}</source>
        <translation>por encima de {factor}</translation>
    </message>
    <message>
        <source>heads mixed</source>
        <translation>cabezas mezcladas</translation>
    </message>
    <message>
        <source>softmax</source>
        <translation>softmax</translation>
    </message>
    <message>
        <source>The table of positions “{name}” could not be read from the file.</source>
        <translation>La tabla de posiciones «{name}» no se pudo leer del archivo.</translation>
    </message>
    <message>
        <source>Open the model again; its file may have been moved.</source>
        <translation>Abre de nuevo el modelo; puede que su archivo se haya movido.</translation>
    </message>
    <message>
        <source>it lies inside a branch (If) that the input decides about; its tensors cannot be read from outside</source>
        <translation>está dentro de una rama (If) que decide la entrada; sus tensores no se pueden leer desde fuera</translation>
    </message>
    <message>
        <source>it lies inside a {op} whose turns the input decides about; its tensors cannot be read from outside</source>
        <translation>está dentro de un {op} cuyas vueltas decide la entrada; sus tensores no se pueden leer desde fuera</translation>
    </message>
    <message>
        <source>it lies inside a {op} of {turns} turns, which is too much to be written out; its tensors cannot be read from outside</source>
        <translation>está dentro de un {op} de {turns} vueltas, demasiadas para desplegarlas; sus tensores no se pueden leer desde fuera</translation>
    </message>
    <message>
        <source>“{name}” has been written anew since it was opened.</source>
        <translation>«{name}» se ha vuelto a escribir desde que se abrió.</translation>
    </message>
    <message>
        <source>Open it again to see the model that is there now.</source>
        <translation>Ábrelo otra vez para ver el modelo que hay ahora.</translation>
    </message>
    <message>
        <source>“{name}” has no exact class activation maps: its classes are not one linear layer of averaged maps.</source>
        <translation>«{name}» no tiene mapas de activación de clase exactos: sus clases no son una capa lineal de mapas promediados.</translation>
    </message>
    <message>
        <source>Use Score-CAM, Ablation-CAM, occlusion or RISE.</source>
        <translation>Usa Score-CAM, Ablation-CAM, oclusión o RISE.</translation>
    </message>
    <message>
        <source>“{name}” has no class {index}.</source>
        <translation>«{name}» no tiene la clase {index}.</translation>
    </message>
    <message>
        <source>Its classes are 0 to {last}.</source>
        <translation>Sus clases van de 0 a {last}.</translation>
    </message>
    <message>
        <source>“{name}” has no layer whose maps or tokens lie on the image.</source>
        <translation>«{name}» no tiene ninguna capa cuyos mapas o tokens estén sobre la imagen.</translation>
    </message>
    <message>
        <source>Use occlusion or RISE, which need no layer.</source>
        <translation>Usa oclusión o RISE, que no necesitan ninguna capa.</translation>
    </message>
    <message>
        <source>“{name}” has no layer “{layer}” whose maps lie on the image.</source>
        <translation>«{name}» no tiene ninguna capa «{layer}» cuyos mapas estén sobre la imagen.</translation>
    </message>
    <message>
        <source>Choose one of {known}.</source>
        <translation>Elige una de {known}.</translation>
    </message>
    <message>
        <source>“{name}” gives no class scores, so there is no class to explain.</source>
        <translation>«{name}» no da puntuaciones de clases, así que no hay ninguna clase que explicar.</translation>
    </message>
    <message>
        <source>Choose one number of an output, such as a box’s score, instead.</source>
        <translation>Elige en su lugar un número de una salida, como la puntuación de una caja.</translation>
    </message>
    <message>
        <source>“{name}” has no number {at} in an output called “{output}”.</source>
        <translation>«{name}» no tiene el número {at} en una salida llamada «{output}».</translation>
    </message>
    <message>
        <source>Its outputs are {known}.</source>
        <translation>Sus salidas son {known}.</translation>
    </message>
    <message>
        <source>“{name}” was not run on an image, so nothing can be hidden in it.</source>
        <translation>«{name}» no se ejecutó con una imagen, así que no hay nada que tapar.</translation>
    </message>
    <message>
        <source>Open a model that takes a photo, and a photo.</source>
        <translation>Abre un modelo que tome una foto, y una foto.</translation>
    </message>
    <message>
        <source>{inputs} decides which branch of “{node}” runs; what is shown runs when the condition holds</source>
        <translation>{inputs} decide qué rama de «{node}» se ejecuta; se muestra la que se ejecuta cuando la condición se cumple</translation>
    </message>
    <message>
        <source>{inputs} decides which branch of “{node}” runs; what is shown runs when the condition does not hold</source>
        <translation>{inputs} decide qué rama de «{node}» se ejecuta; se muestra la que se ejecuta cuando la condición no se cumple</translation>
    </message>
    <message>
        <source>{inputs} decides how often “{node}” turns; {turns} turns are shown</source>
        <translation>{inputs} decide cuántas vueltas da «{node}»; se muestran {turns} vueltas</translation>
    </message>
    <message>
        <source>image: patch {patches} blank</source>
        <translation>imagen: parche {patches} en blanco</translation>
    </message>
    <message>
        <source>image: {count} of {all} patches blank</source>
        <translation>imagen: {count} de {all} parches en blanco</translation>
    </message>
    <message>
        <source>image: {percent} % of the patches blank (seed {seed})</source>
        <translation>imagen: {percent} % de los parches en blanco (semilla {seed})</translation>
    </message>
    <message>
        <source>image: {count} patches in another place</source>
        <translation>imagen: {count} parches en otro lugar</translation>
    </message>
    <message>
        <source>image: patches shuffled (seed {seed})</source>
        <translation>imagen: parches barajados (semilla {seed})</translation>
    </message>
    <message>
        <source>image: shifted {dx} px right, {dy} px down</source>
        <translation>imagen: desplazada {dx} px a la derecha y {dy} px hacia abajo</translation>
    </message>
    <message>
        <source>image: blurred, σ = {sigma} px</source>
        <translation>imagen: desenfocada, σ = {sigma} px</translation>
    </message>
    <message>
        <source>“{name}” takes no image that could be changed.</source>
        <translation>«{name}» no admite ninguna imagen que se pueda cambiar.</translation>
    </message>
    <message>
        <source>Hide its tokens or change its positions instead.</source>
        <translation>Oculta sus tokens o cambia sus posiciones.</translation>
    </message>
    <message>
        <source>The image cannot be cut into the patches of a change.</source>
        <translation>La imagen no se puede cortar en los parches de un cambio.</translation>
    </message>
    <message>
        <source>Take the changes of the image back and make them anew.</source>
        <translation>Deshaz los cambios de la imagen y hazlos de nuevo.</translation>
    </message>
    <message>
        <source>The model has no table of positions that can be changed like this.</source>
        <translation>El modelo no tiene ninguna tabla de posiciones que se pueda cambiar así.</translation>
    </message>
    <message>
        <source>Take a model whose positions are a table in its file.</source>
        <translation>Usa un modelo cuyas posiciones sean una tabla de su archivo.</translation>
    </message>
    <message>
        <source>“{name}” has no tensor called “{tensor}” to start from.</source>
        <translation>«{name}» no tiene ningún tensor llamado «{tensor}» del que partir.</translation>
    </message>
    <message>
        <source>Choose another layer.</source>
        <translation>Elige otra capa.</translation>
    </message>
    <message>
        <source>There is no text to run: it gives no token.</source>
        <translation>No hay texto que ejecutar: no da ningún token.</translation>
    </message>
    <message>
        <source>Type a word or more.</source>
        <translation>Escribe una palabra o más.</translation>
    </message>
    <message>
        <source>No tokenizer lies beside “{name}”.</source>
        <translation>No hay ningún tokenizador junto a «{name}».</translation>
    </message>
    <message>
        <source>Choose a tokenizer file, such as tokenizer.json, or type token numbers instead of text.</source>
        <translation>Elige un archivo de tokenizador, como tokenizer.json, o escribe números de token en lugar de texto.</translation>
    </message>
    <message>
        <source>Characters that are no text were replaced by “�”: {count}.</source>
        <translation>Los caracteres que no son texto se han sustituido por «�»: {count}.</translation>
    </message>
    <message>
        <source>{number} is no token number of this model.</source>
        <translation>{number} no es un número de token de este modelo.</translation>
    </message>
    <message>
        <source>Its numbers are 0 to {last}.</source>
        <translation>Sus números van de 0 a {last}.</translation>
    </message>
    <message>
        <source>“{name}” takes no text.</source>
        <translation>«{name}» no admite texto.</translation>
    </message>
    <message>
        <source>Open a model with an input of token numbers.</source>
        <translation>Abre un modelo que tenga una entrada de números de token.</translation>
    </message>
    <message>
        <source>The text has more tokens than the model takes ({limit}): the rest is cut off.</source>
        <translation>El texto tiene más tokens de los que admite el modelo ({limit}): el resto se recorta.</translation>
    </message>
    <message>
        <source>Only the first {count} characters of the text were read.</source>
        <translation>Solo se han leído los primeros {count} caracteres del texto.</translation>
    </message>
    <message>
        <source>The text is empty: the model gets its start token alone.</source>
        <translation>El texto está vacío: el modelo recibe solo su token inicial.</translation>
    </message>
    <message>
        <source>The tokenizer “{name}” cannot be read: {reason}.</source>
        <translation>No se puede leer el tokenizador «{name}»: {reason}.</translation>
    </message>
    <message>
        <source>Download or save it again, choose another one, or type token numbers instead of text.</source>
        <translation>Descárgalo o guárdalo de nuevo, elige otro, o escribe números de token en lugar de texto.</translation>
    </message>
    <message>
        <source>“{name}” is no tokenizer that Mirada knows.</source>
        <translation>«{name}» no es un tokenizador que Mirada conozca.</translation>
    </message>
    <message>
        <source>Choose a tokenizer.json, a vocab.txt, a vocab.json beside its merges.txt, or a SentencePiece model.</source>
        <translation>Elige un tokenizer.json, un vocab.txt, un vocab.json junto a su merges.txt o un modelo de SentencePiece.</translation>
    </message>
    <message>
        <source>“{name}” needs the package “sentencepiece”, which is not installed.</source>
        <translation>«{name}» necesita el paquete «sentencepiece», que no está instalado.</translation>
    </message>
    <message>
        <source>Install it (pip install sentencepiece), or put a tokenizer.json beside the model.</source>
        <translation>Instálalo (pip install sentencepiece), o pon un tokenizer.json junto al modelo.</translation>
    </message>
    <message>
        <source>No file says how token vectors become one: their mean is taken (a guess).</source>
        <translation>Ningún archivo dice cómo los vectores de los tokens pasan a ser uno: se toma su media (una suposición).</translation>
    </message>
    <message>
        <source>No file says which token a target begins with: {number} is a guess.</source>
        <translation>Ningún archivo dice con qué token empieza el texto de salida: {number} es una suposición.</translation>
    </message>
    <message>
        <source>The input “{name}” is taken for token numbers (a guess).</source>
        <translation>La entrada «{name}» se toma por números de token (una suposición).</translation>
    </message>
    <message>
        <source>There is no run whose tokens could be measured.</source>
        <translation>No hay ninguna ejecución cuyos tokens medir.</translation>
    </message>
    <message>
        <source>Open an image first.</source>
        <translation>Abre primero una imagen.</translation>
    </message>
    <message>
        <source>No stream of tokens that blocks add to was found in “{name}”.</source>
        <translation>No se encontró en «{name}» un flujo de tokens al que sumen los bloques.</translation>
    </message>
    <message>
        <source>Its predictions and patterns can be looked at all the same.</source>
        <translation>Aun así puedes mirar sus predicciones y patrones.</translation>
    </message>
    <message>
        <source>Resampled from {given} to {wanted} samples per second.</source>
        <translation>Remuestreado de {given} a {wanted} muestras por segundo.</translation>
    </message>
    <message>
        <source>Only the first {seconds} s are heard: the model takes no more.</source>
        <translation>Solo se oyen los primeros {seconds} s: el modelo no admite más.</translation>
    </message>
    <message>
        <source>Filled up with silence to {seconds} s, which the model always takes.</source>
        <translation>Completado con silencio hasta {seconds} s, lo que el modelo recibe siempre.</translation>
    </message>
    <message>
        <source>“{name}” is no sound that Mirada can read: {reason}.</source>
        <translation>«{name}» no es un sonido que Mirada pueda leer: {reason}.</translation>
    </message>
    <message>
        <source>Save it as a WAV file.</source>
        <translation>Guárdalo como archivo WAV.</translation>
    </message>
    <message>
        <source>“{name}” is no WAV file, and the package “soundfile” that reads others is not installed.</source>
        <translation>«{name}» no es un archivo WAV, y el paquete «soundfile», que lee otros, no está instalado.</translation>
    </message>
    <message>
        <source>Save it as a WAV file, or run: pip install soundfile.</source>
        <translation>Guárdalo como archivo WAV, o ejecuta: pip install soundfile.</translation>
    </message>
    <message>
        <source>“{name}” holds no sound.</source>
        <translation>«{name}» no contiene sonido.</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>Elige otro archivo.</translation>
    </message>
    <message>
        <source>Its {count} channels were mixed into one.</source>
        <translation>Sus {count} canales se han mezclado en uno.</translation>
    </message>
    <message>
        <source>On this image alone.</source>
        <translation>Solo en esta imagen.</translation>
    </message>
    <message>
        <source>Over {count} images.</source>
        <translation>Sobre {count} imágenes.</translation>
    </message>
    <message>
        <source>“{name}” has no layer whose maps are called “{tensor}”.</source>
        <translation>«{name}» no tiene ninguna capa cuyos mapas se llamen «{tensor}».</translation>
    </message>
    <message>
        <source>Choose a layer of the list.</source>
        <translation>Elige una capa de la lista.</translation>
    </message>
    <message>
        <source>There are no pictures in “{name}”.</source>
        <translation>No hay imágenes en «{name}».</translation>
    </message>
    <message>
        <source>Choose a folder with JPEG, PNG, WebP, BMP, GIF, TIFF or AVIF files, or with folders of them.</source>
        <translation>Elige una carpeta con archivos JPEG, PNG, WebP, BMP, GIF, TIFF o AVIF, o con carpetas de ellos.</translation>
    </message>
    <message>
        <source>“{name}” is not a folder that can be read.</source>
        <translation>«{name}» no es una carpeta que se pueda leer.</translation>
    </message>
    <message>
        <source>Choose another folder of pictures.</source>
        <translation>Elige otra carpeta de imágenes.</translation>
    </message>
    <message>
        <source>“{name}” holds {count} pictures; at least {least} are needed.</source>
        <translation>«{name}» contiene {count} imágenes; hacen falta al menos {least}.</translation>
    </message>
    <message>
        <source>Choose a folder with more pictures.</source>
        <translation>Elige una carpeta con más imágenes.</translation>
    </message>
    <message>
        <source>The kernels of “{layer}” are computed from the input, not stored.</source>
        <translation>Los filtros de «{layer}» se calculan a partir de la entrada, no están guardados.</translation>
    </message>
    <message>
        <source>Look at its feature maps instead.</source>
        <translation>Mira en su lugar sus mapas de características.</translation>
    </message>
    <message>
        <source>“{name}” has no convolution {index}.</source>
        <translation>«{name}» no tiene la convolución {index}.</translation>
    </message>
    <message>
        <source>It has {count}, counted from 0.</source>
        <translation>Tiene {count}, contando desde 0.</translation>
    </message>
    <message>
        <source>How “{name}” turns pixels into tokens was not found.</source>
        <translation>No se encontró cómo «{name}» convierte píxeles en tokens.</translation>
    </message>
    <message>
        <source>Its patches can be changed all the same.</source>
        <translation>Aun así puedes cambiar sus parches.</translation>
    </message>
    <message>
        <source>No head of “{name}” can be switched off: its graph keeps them to itself.</source>
        <translation>No se puede apagar ninguna cabeza de «{name}»: su grafo no las muestra.</translation>
    </message>
    <message>
        <source>Export the model without fused attention.</source>
        <translation>Exporta el modelo sin atención fusionada.</translation>
    </message>
    <message>
        <source>Nothing has run through “{name}” yet.</source>
        <translation>Aún no se ha ejecutado nada con «{name}».</translation>
    </message>
    <message>
        <source>Open an input first.</source>
        <translation>Abre primero una entrada.</translation>
    </message>
    <message>
        <source>“{name}” reads a photo, and none was given.</source>
        <translation>«{name}» lee una foto, y no se le ha dado ninguna.</translation>
    </message>
    <message>
        <source>Open a photo too.</source>
        <translation>Abre también una foto.</translation>
    </message>
    <message>
        <source>“{name}” listens to a sound, and none was given.</source>
        <translation>«{name}» escucha un sonido, y no se le ha dado ninguno.</translation>
    </message>
    <message>
        <source>Open a WAV file too.</source>
        <translation>Abre también un archivo WAV.</translation>
    </message>
    <message>
        <source>“{name}” reads a text, and none was given.</source>
        <translation>«{name}» lee un texto, y no se le ha dado ninguno.</translation>
    </message>
    <message>
        <source>Type a text.</source>
        <translation>Escribe un texto.</translation>
    </message>
    <message>
        <source>“{name}” is a decoder that reads what its encoder gives.</source>
        <translation>«{name}» es un decodificador que lee lo que da su codificador.</translation>
    </message>
    <message>
        <source>Open the folder that holds both.</source>
        <translation>Abre la carpeta que contiene ambos.</translation>
    </message>
    <message>
        <source>“{name}” takes no sound.</source>
        <translation>«{name}» no admite sonido.</translation>
    </message>
    <message>
        <source>Open a speech model, such as Whisper.</source>
        <translation>Abre un modelo de voz, como Whisper.</translation>
    </message>
    <message>
        <source>“{name}” gives no vector for a text.</source>
        <translation>«{name}» no da ningún vector para un texto.</translation>
    </message>
    <message>
        <source>Open a sentence embedding model, or CLIP.</source>
        <translation>Abre un modelo que dé vectores de frases, o CLIP.</translation>
    </message>
    <message>
        <source>“{name}” says nothing about the tokens of its vocabulary.</source>
        <translation>«{name}» no dice nada sobre los tokens de su vocabulario.</translation>
    </message>
    <message>
        <source>Open a language model exported with its language head.</source>
        <translation>Abre un modelo de lenguaje exportado con su cabeza de salida.</translation>
    </message>
    <message>
        <source>“{name}” is made of several graphs, and this works on one graph only.</source>
        <translation>«{name}» se compone de varios grafos, y esto solo funciona con uno.</translation>
    </message>
    <message>
        <source>Open one of its files, such as {file}.</source>
        <translation>Abre uno de sus archivos, como {file}.</translation>
    </message>
    <message>
        <source>The encoder of “{name}” gives no hidden states that its decoder could read.</source>
        <translation>El codificador de «{name}» no da estados ocultos que su decodificador pueda leer.</translation>
    </message>
    <message>
        <source>Export both again, from one model.</source>
        <translation>Exporta los dos de nuevo, a partir del mismo modelo.</translation>
    </message>
    <message>
        <source>“{name}” has no layers to compare: neither convolutions nor attention.</source>
        <translation>«{name}» no tiene capas que comparar: ni convoluciones ni atención.</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>Elige otro modelo.</translation>
    </message>
    <message>
        <source>“{name}” has no class called “{label}”.</source>
        <translation>«{name}» no tiene ninguna clase llamada «{label}».</translation>
    </message>
    <message>
        <source>Its classes are {known}.</source>
        <translation>Sus clases son {known}.</translation>
    </message>
    <message>
        <source>“{name}” names no classes, so there is none called “{label}”.</source>
        <translation>«{name}» no da nombre a sus clases, así que ninguna se llama «{label}».</translation>
    </message>
    <message>
        <source>Give the class by its number.</source>
        <translation>Indica la clase por su número.</translation>
    </message>
    <message>
        <source>“{name}” cannot keep the keys and values of earlier steps.</source>
        <translation>«{name}» no puede conservar las claves y los valores de pasos anteriores.</translation>
    </message>
    <message>
        <source>Generate without the cache, or export the model with its past keys and values.</source>
        <translation>Genera sin la caché, o exporta el modelo con sus claves y valores anteriores.</translation>
    </message>
    <message>
        <source>With interventions, “{name}” generates without the cache.</source>
        <translation>Con intervenciones, «{name}» genera sin la caché.</translation>
    </message>
    <message>
        <source>Switch the cache off, or take the interventions back.</source>
        <translation>Desactiva la caché, o retira las intervenciones.</translation>
    </message>
    <message>
        <source>“{name}” generates no text.</source>
        <translation>«{name}» no genera texto.</translation>
    </message>
    <message>
        <source>Open a decoder, or an encoder–decoder.</source>
        <translation>Abre un decodificador, o un codificador–decodificador.</translation>
    </message>
    <message>
        <source>normalised</source>
        <translation>normalizado</translation>
    </message>
    <message>
        <source>rotary turn</source>
        <translation>giro rotatorio</translation>
    </message>
    <message>
        <source>then {operators}</source>
        <translation>luego {operators}</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} y {second}</translation>
    </message>
    <message>
        <source>Two models, one photo: {name}</source>
        <translation>Dos modelos, una foto: {name}</translation>
    </message>
    <message>
        <source>What they say</source>
        <translation>Qué dicen</translation>
    </message>
    <message>
        <source>What they looked at</source>
        <translation>Qué miraron</translation>
    </message>
    <message>
        <source>Warm or bright places speak for the answer; where a map has blue places, those speak against it.</source>
        <translation>Los lugares cálidos o claros hablan a favor de la respuesta; donde un mapa tiene lugares azules, hablan en contra.</translation>
    </message>
    <message>
        <source>class activation map, exact, of “{label}”</source>
        <translation>mapa de activación de clase, exacto, de «{label}»</translation>
    </message>
    <message>
        <source>class activation map, exact, of class {index}</source>
        <translation>mapa de activación de clase, exacto, de la clase {index}</translation>
    </message>
    <message>
        <source>occlusion: what class {index} loses while a square is hidden</source>
        <translation>oclusión: lo que pierde la clase {index} mientras se tapa un cuadrado</translation>
    </message>
    <message>
        <source>Eigen-CAM, of no class in particular</source>
        <translation>Eigen-CAM, de ninguna clase en particular</translation>
    </message>
    <message>
        <source>occlusion: what “{label}” loses while a square is hidden</source>
        <translation>oclusión: lo que pierde «{label}» mientras se tapa un cuadrado</translation>
    </message>
    <message>
        <source>attention rollout from the class token, of no class in particular</source>
        <translation>propagación de la atención desde el token de clase, de ninguna clase en particular</translation>
    </message>
    <message>
        <source>attention rollout, mean over all tokens, of no class in particular</source>
        <translation>propagación de la atención, media de todos los tokens, de ninguna clase en particular</translation>
    </message>
    <message>
        <source>How far their layers see</source>
        <translation>Hasta dónde ven sus capas</translation>
    </message>
    <message>
        <source>Of convolutions: side of the receptive field, what a unit can see at most. Of attention: mean distance of what queries attend to on this photo, with the nearest and the farthest head.</source>
        <translation>De las convoluciones: lado del campo receptivo, lo más que puede ver una unidad. De la atención: distancia media de aquello a lo que atienden las consultas en esta foto, con la cabeza más cercana y la más lejana.</translation>
    </message>
    <message>
        <source>In {name}, something made of the whole image comes in besides.</source>
        <translation>En {name} entra además algo hecho con toda la imagen.</translation>
    </message>
    <message>
        <source>{name}, receptive field</source>
        <translation>{name}, campo receptivo</translation>
    </message>
    <message>
        <source>{name}, attention</source>
        <translation>{name}, atención</translation>
    </message>
    <message>
        <source>depth: first layer to last</source>
        <translation>profundidad: de la primera capa a la última</translation>
    </message>
    <message>
        <source>pixels of the model’s image</source>
        <translation>píxeles de la imagen del modelo</translation>
    </message>
    <message>
        <source>percent of the image</source>
        <translation>porcentaje de la imagen</translation>
    </message>
    <message>
        <source>What is left as the image is damaged</source>
        <translation>Qué queda cuando se daña la imagen</translation>
    </message>
    <message>
        <source>Photos damaged: {images}.</source>
        <translation>Fotos dañadas: {images}.</translation>
    </message>
    <message>
        <source>{name}, half of {rows} × {columns} patches dropped: the answer stays in {agreement} % of the trials; its probability goes from {before} % to {probability} %.</source>
        <translation>{name}, sin la mitad de {rows} × {columns} parches: la respuesta se mantiene en el {agreement} % de los intentos; su probabilidad pasa del {before} % al {probability} %.</translation>
    </message>
    <message>
        <source>share of patches dropped</source>
        <translation>proporción de parches quitados</translation>
    </message>
    <message>
        <source>share of patches shuffled</source>
        <translation>proporción de parches barajados</translation>
    </message>
    <message>
        <source>shift in pixels</source>
        <translation>desplazamiento en píxeles</translation>
    </message>
    <message>
        <source>blur, standard deviation in pixels</source>
        <translation>desenfoque, desviación típica en píxeles</translation>
    </message>
    <message>
        <source>share answered right</source>
        <translation>proporción de aciertos</translation>
    </message>
    <message>
        <source>share of answers that stay</source>
        <translation>proporción de respuestas que se mantienen</translation>
    </message>
    <message>
        <source>probability of the answer</source>
        <translation>probabilidad de la respuesta</translation>
    </message>
    <message>
        <source>How alike their layers are</source>
        <translation>Cuánto se parecen sus capas</translation>
    </message>
    <message>
        <source>Linear CKA over {images} photos: 1 where two layers hold the same up to rotation and scale, 0 where they share nothing.</source>
        <translation>CKA lineal sobre {images} fotos: 1 donde dos capas contienen lo mismo salvo giro y escala, 0 donde no comparten nada.</translation>
    </message>
    <message>
        <source>What they are and what they cost</source>
        <translation>Qué son y qué cuestan</translation>
    </message>
    <message>
        <source>made of</source>
        <translation>hecho de</translation>
    </message>
    <message>
        <source>inputs</source>
        <translation>entradas</translation>
    </message>
    <message>
        <source>outputs</source>
        <translation>salidas</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>parámetros</translation>
    </message>
    <message>
        <source>multiply-adds for one image</source>
        <translation>multiplicaciones y sumas por imagen</translation>
    </message>
    <message>
        <source>convolutions</source>
        <translation>convoluciones</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>atención</translation>
    </message>
    <message>
        <source>time of one run here</source>
        <translation>tiempo de una ejecución aquí</translation>
    </message>
    <message>
        <source>memory here</source>
        <translation>memoria aquí</translation>
    </message>
    <message>
        <source>convolutions and attention</source>
        <translation>convoluciones y atención</translation>
    </message>
    <message>
        <source>neither convolutions nor attention</source>
        <translation>ni convoluciones ni atención</translation>
    </message>
    <message>
        <source>{number} million</source>
        <translation>{number} millones</translation>
    </message>
    <message>
        <source>{sites} layers, {heads} heads</source>
        <translation>{sites} capas, {heads} cabezas</translation>
    </message>
    <message>
        <source>{ms} ms, median of {runs}</source>
        <translation>{ms} ms, mediana de {runs}</translation>
    </message>
    <message>
        <source>token {index}</source>
        <translation>token {index}</translation>
    </message>
    <message>
        <source>“{name}” has no cross-attention from a target to a source.</source>
        <translation>«{name}» no tiene atención cruzada de un texto de salida a uno de entrada.</translation>
    </message>
    <message>
        <source>Open a folder with an encoder and its decoder.</source>
        <translation>Abre una carpeta con un codificador y su decodificador.</translation>
    </message>
    <message>
        <source>“{name}” reads at most {limit} tokens, too few for a repeated sequence.</source>
        <translation>«{name}» lee como mucho {limit} tokens, muy pocos para una secuencia repetida.</translation>
    </message>
    <message>
        <source>Open a model that reads longer texts.</source>
        <translation>Abre un modelo que lea textos más largos.</translation>
    </message>
    <message>
        <source>“{name}” does not go on with a text, so it shows no induction.</source>
        <translation>«{name}» no continúa un texto, así que no muestra inducción.</translation>
    </message>
    <message>
        <source>Open a decoder, such as GPT-2.</source>
        <translation>Abre un decodificador, como GPT-2.</translation>
    </message>
</context>
</TS>
