/** `node … pair.ts FOLDER FOLDER`: what the gate asks of two checkouts, loaded in this order, as JSON. */
import { gated } from './against.ts'

const [first = '', second = ''] = process.argv.slice(2)
console.log(JSON.stringify(await gated([first, second])))
