/** The path below which the site is served: '' or, built with BASE_PATH=/walks, '/walks'. */
export const BASE: string = process.env.NEXT_PUBLIC_BASE_PATH ?? ''
