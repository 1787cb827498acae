import { ofFile, says } from './sentence.ts'
import { LISTED, type ListOf } from './things.ts'

/** The file: its form before its words. */
export const FORM = {
  'too-large': ofFile(
    (bytes: number, most: number) => `${bytes} bytes; a file has at most ${most}`,
    () => 'make it smaller, or write count instead of a list of nodes and pods',
  ),
  'yaml-too-large': ofFile(
    (bytes: number, most: number) => `${bytes} bytes of YAML; it has at most ${most}`,
    () => 'write JSON, which is read many times faster',
  ),
  empty: ofFile(
    () => 'the file is empty',
    () => 'begin with packet-walk: 1 and network: flannel-vxlan',
  ),
  'no-mapping': ofFile(
    (x: string) => `${x} is all there is`,
    () => 'begin with packet-walk: 1 and network: flannel-vxlan',
  ),
  'not-yaml': ofFile(
    (what: string) => `this is neither YAML nor JSON: ${what}`,
    () => 'write YAML or JSON',
  ),
  'two-documents': ofFile(
    () => 'a second document begins here',
    () => 'write one',
  ),
  deep: ofFile(
    () => 'nested too deeply',
    () => 'no part of a file has more than a few levels',
  ),
  aliases: ofFile(
    (most: number) => `its aliases stand for more than ${most} values`,
    () => 'write the values out',
  ),
  marks: ofFile(
    (n: number) => `${n} tags, anchors and aliases`,
    () => 'write the values out',
  ),
  'no-anchor': ofFile(
    () => 'an alias names no anchor',
    () => 'write the value out',
  ),
  'key-twice': ofFile(
    (key: string) => `the key ${key} stands here a second time`,
    () => 'keep one of the two',
  ),
  'key-reserved': says(
    (key: string) => `${key} is no key of any file`,
    () => 'leave it out',
  ),
  'too-many': says(
    (what: ListOf, n: number, most: number) => `${n} ${LISTED[what]}; at most ${most} can be here`,
    () => 'leave the rest out',
  ),
  'too-many-rows': says(
    (table: string, n: number, most: number) =>
      `${n} rows of ${table}; at most ${most} can be here`,
    () => 'leave the rest out',
  ),
  'too-long': says(
    (x: string, n: number, most: number) => `${x} has ${n} characters; at most ${most} can be here`,
    () => 'shorten it',
  ),
  /** What Linux, Docker or AWS has and this program has not: `what` with its verb, in their words. */
  'not-modelled': says(
    (what: string, _remedy: string) => `${what} not modelled`,
    (_, remedy) => remedy,
  ),
  shape: says(
    () => 'this is not what belongs here',
    () => 'contract.md shows what does',
  ),
} as const
