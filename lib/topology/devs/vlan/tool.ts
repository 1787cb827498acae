import { madeOn, type KindTool } from '../tool.ts'

export const vlan: KindTool<'vlan'> = {
  make: ({ link, name, id }, { words, in: at }) =>
    madeOn({ link, name, words: `${words} type vlan id ${id}` }, at),
  fixed: ['link', 'id'],
}
