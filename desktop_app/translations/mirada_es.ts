<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message>
        <source>Starting the engine…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the image…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End this; what is on screen stays</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>ViT: a vision transformer, trained on CIFAR-10</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CNN: a residual network, trained on CIFAR-10</source>
        <translation type="unfinished"></translation>
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
    <name>DropHint</name>
    <message>
        <source>Drop to run “{photo}” through “{model}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop to open the model “{model}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop to look at “{photo}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop an ONNX model, a folder that holds one, or an image</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Open a model or an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder that holds an ONNX model</source>
        <translation type="unfinished"></translation>
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
        <source>Layer {layer}, mean over heads</source>
        <translation>Capa {layer}, media de las cabezas</translation>
    </message>
    <message>
        <source>Layer {layer}, head {head}</source>
        <translation>Capa {layer}, cabeza {head}</translation>
    </message>
    <message>
        <source>Mean over all queries. Point at a token to see its own.</source>
        <translation>Media de todas las consultas. Señale un token para ver la suya.</translation>
    </message>
    <message>
        <source>Mean over all queries. Point at a patch to see its own.</source>
        <translation>Media de todas las consultas. Señale un parche para ver la suya.</translation>
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
    <name>HeadsMenu</name>
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
        <source>Save the picture</source>
        <translation>Guardar la imagen</translation>
    </message>
    <message>
        <source>PNG image (*.png)</source>
        <translation>Imagen PNG (*.png)</translation>
    </message>
    <message>
        <source>Save the picture as PNG…</source>
        <translation>Guardar la imagen como PNG…</translation>
    </message>
    <message>
        <source>the folder is missing or may not be written to</source>
        <translation>la carpeta no existe o no permite escribir en ella</translation>
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
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.
Every head will appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop an image or an .onnx file here, or choose one with File ▸ Open.</source>
        <translation>Suelte aquí una imagen o un archivo .onnx, o elíjalos con Archivo ▸ Abrir.</translation>
    </message>
    <message>
        <source>Drop an image here, or choose one with File ▸ Open: every head will appear.</source>
        <translation>Suelte aquí una imagen, o elíjala con Archivo ▸ Abrir: aparecerán todas las cabezas.</translation>
    </message>
    <message>
        <source>No attention was found in “{name}”. Open another model to see its heads.</source>
        <translation>No se ha encontrado atención en «{name}». Abra otro modelo para ver sus cabezas.</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>About Mirada</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mirada opens any ONNX attention model and shows what it looks at: every head, exactly, offline, on the very file that ships.

Free software under the Apache License 2.0. Made with Qt {qt}, ONNX Runtime and NumPy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point at a patch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see what it attends to, in every head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a patch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pin it; again, or Esc, unpins it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a thumbnail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see that head large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>walk over patches, or over heads</source>
        <translation type="unfinished"></translation>
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
    <name>MainWindow</name>
    <message>
        <source>pasted image</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Paste image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save picture…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export data…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rerun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel what is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side &amp;panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Mirada</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample &amp;images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} (not there any more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Clear this list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing opened yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelFacts</name>
    <message>
        <source>Input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Convolutions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run took</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model to read its facts here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none found</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n head(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{least} to {most} heads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{tokens} = {rows} × {columns} patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n special</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>(guessed)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patterns agree with the model’s own to {error}</source>
        <translation type="unfinished"></translation>
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
</context>
<context>
    <name>NearMisses</name>
    <message>
        <source>Open a model: softmaxes that are not attention will be listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every softmax of this model was taken for attention.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticeRow</name>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The engine could not start ({cause}). Check that Mirada is installed completely.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine stopped while it worked on “{names}” ({cause}). It has been started anew, and what is on screen is kept: try again, or open something else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine stopped ({cause}). It has been started anew, and what is on screen is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>exit code {code}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended by the system, perhaps for want of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the runtime crashed: {signal}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The view “{view}” could not be drawn: {reason}. The other views are not affected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong inside Mirada: {reason}. What is on screen is kept; please report this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{names}” is neither an ONNX model nor an image. Choose an .onnx file, a folder that holds one, or a PNG, JPEG, WebP, BMP, GIF or TIFF image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only one model and one image are open at a time; left aside: “{names}”. Drop them one by one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was dropped or pasted holds no image and no file. Copy a picture, or save it and drop the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is open. Drop an image, or choose one with File ▸ Open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model first: drop an .onnx file, or choose one with File ▸ Open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as “{path}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{path}” could not be written: {reason}. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Placeholder</name>
    <message>
        <source>Open…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One moment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model and the image are being opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a model and an image here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An .onnx file, or a folder that holds one, and any photo. Or choose them with File ▸ Open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is open. Drop an image here, paste one, or choose it with File ▸ Open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n softmax(es) were looked at and not taken; the panel says why.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Its prediction and facts are in the panel. Open another model to see heads.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” has no attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No view can show this model. Its prediction is in the panel.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Pointer</name>
    <message>
        <source>Layer {layer}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean over heads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>head {head}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>token {token}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>class token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>special token {token}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patch ({row}, {column})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Portrait</name>
    <message>
        <source>mirada: “{path}” cannot be written. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no display here, so Mirada painted its window off screen and saved it as {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mirada painted its window and saved it as {path}.</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shorter edge to the size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit inside and pad</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None (0, 1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Crop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Normalise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Std</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut out the centre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blue channel first (BGR)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rerun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the photo again with these numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As declared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to what the model’s files say, or to the guess</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a vision model: how its image is prepared will be stated here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed by you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A guess.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As {file} says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without a crop the size follows the photo; this model takes {rows} × {columns}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This gives {a} × {b} pixels; the model takes {rows} × {columns}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Save the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk refuses it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the numbers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Prediction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Softmaxes that are not attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open another model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open another image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model and an image: its five best answers will stand here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No output of this model gives classes, so there is no answer to show.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>This run needs {need} MB of shared memory, and the system has {free} MB to give.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a smaller image, or give /dev/shm more room (in a container: --shm-size=2g).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, or use a smaller image or model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine has no run to read from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the photo again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site {site} has no class token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point at a patch instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” takes images of {rows} × {columns} pixels only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the size out, or export the model with another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the path, or choose the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” cannot be read: permission denied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give yourself permission to read it, or copy it elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong inside Mirada: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is on screen is kept; please report this with the file’s name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” cannot be written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder that exists and where you may write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A figure cannot be saved as “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End its name in .png, .jpg, .webp, .tiff, .bmp or .pdf.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is read by this command and would be overwritten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name for the output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download or export it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is not an ONNX model, or it is damaged or cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the download finished; a model saved by PyTorch (.pt) must be exported to ONNX first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is only a Git LFS pointer; the model itself was not downloaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run “git lfs pull” in its repository, then open it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights file “{file}” that “{name}” needs is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put it in the same folder as the model and open the model again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights file “{file}” is shorter than “{name}” says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download both files again; one of them was cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” points at weights outside its own folder (“{file}”).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mirada does not follow such a path; ask whoever gave you the model for weights beside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder “{name}” holds no .onnx model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an .onnx file, or a folder that holds model.onnx.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder “{name}” holds several models: {files}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open one of these files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transparent parts are shown on white.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Converted from print colours (CMYK) to RGB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours converted to sRGB from the profile “{profile}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file’s colour profile could not be used; colours may be off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reduced from {bits} bits per channel to 8.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brightness stretched from the range {low} … {high} to 0 … 255.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” asks for {keys}, which Mirada does not follow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is for a {processor}, unknown to Mirada: steps of its own are left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>class {index}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A photo cannot be run on “{name}”: its inputs are {inputs}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model with exactly one input that takes an image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No file beside the model says how images are prepared: this is a guess.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model takes any size: {rows} × {columns} pixels is a guess.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model takes any size: {rows} × {columns} is from config.json.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean and deviation 0.5 are a guess: usual for Hugging Face ViTs, whose input is “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ImageNet’s mean and deviation are a guess: most models use them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input has one channel: the image becomes grey, from 0 to 1 (a guess).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input takes whole numbers ({dtype}): pixels go in as 0 to 255.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channels are taken to come {place} (a guess).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole image is stretched to the model’s size (a guess).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files say {said_rows} × {said_columns} pixels, but the model takes {rows} × {columns}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The middle {rows} × {columns} pixels are cut out: all that the model takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has {channels} channel(s): mean and deviation are averaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model takes {batch} images at once: it gets this one {batch} times.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model takes several images ({names}): a single photo cannot fill them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is not an image that Mirada can read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a PNG, JPEG, WebP, BMP, GIF or TIFF file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy or download the image again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is damaged or cut short: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy or download it again, or save it anew in an image editor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” has {columns} × {rows} pixels, more than the limit of {limit} million.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a copy a few thousand pixels wide and open that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is a folder, not an image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an image file inside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” cannot be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy it to a local disk and open the copy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turned upright, as the camera noted in the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the first of several frames is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reduced from {columns} × {rows} pixels to save memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no colour map called “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use viridis, magma, inferno, cividis, turbo or gray.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” would become {columns} × {rows} pixels for the model, more than it can be given.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a less elongated image, or choose another resize mode.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” beside the model is not valid JSON ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the file, or move it away to let Mirada guess.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In “{name}” beside the model, “{key}” cannot be used: {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it, or move the file away to let Mirada guess.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>added to the tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No attention was found in “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inspect it: the softmaxes that were not taken are listed with the reason.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” has no site {index}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its sites are 0 to {last}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site {site} has no head {index}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its heads are 0 to {last}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site {site} has no token {index} here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its tokens are 0 to {last}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site {site} has no patch in row {row}, column {column}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its rows are 0 to {last_row}, its columns 0 to {last_column}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tokens of site {site} do not lie on the image as a patch grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the number of the token, from 0 to {last}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {tokens} tokens of site {site} do not lie on the image as a patch grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another site, or save the numbers instead of a figure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This run was made from arrays, not from a photo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the model on a photo to draw a figure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” was not kept in this run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the model again and ask for it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site {site} shows no {part}: only its pattern can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at its pattern, or at another site.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” uses a newer ONNX operator set than this version of ONNX Runtime knows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export it again for opset {known} or lower, or update Mirada.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” uses an operator that ONNX Runtime does not have: {operator}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the model without custom operators.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ONNX Runtime refuses “{name}”: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the model with onnx.checker, or export it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory to run “{name}” on this input.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, or take a smaller image or a shorter text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” failed while running: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the input has the size and type the model expects.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The run was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run it again whenever you like.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model needs the input “{name}”, which was not given.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give an array of shape {shape} for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no input “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its inputs are: {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its probabilities are the model’s answer; no values are weighted by them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no product with values follows it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no product of queries with keys stands above it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it normalises over an axis that is not contracted with values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the axes around it could not be told apart</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
