/** A file in /proc/net/xt_recent. XT_RECENT_NAME_LEN is 200 with the NUL (xt_recent.h). */
export function isListName(x: string): boolean {
  return /^\w[\w.-]{0,198}$/.test(x)
}
