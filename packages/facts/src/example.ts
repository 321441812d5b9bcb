import { createFactSet, erasureOf, factOf } from './index.ts'
import * as Y from 'yjs'

const notes = createFactSet({ doc: new Y.Doc(), root: 'notes' })
const [key = ''] = notes.insert([factOf('ada', 'two pints of milk'), factOf('bob', 'bread')])
console.log(notes.text(key)) // two pints of milk

const others = createFactSet({ doc: new Y.Doc(), root: 'notes' })
others.insert([erasureOf('ada')])
Y.applyUpdate(notes.doc, Y.encodeStateAsUpdate(others.doc)) // as any Yjs provider does
console.log(notes.size, notes.isErased('ada')) // 1 true
