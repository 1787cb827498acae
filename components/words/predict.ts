import { part } from '#lib/index.ts'
import { predict as english } from './en/predict.ts'

export const predict = part('predict', english)
