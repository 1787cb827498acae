/** The part of framer-motion that moves things, loaded after the page. */
export { domAnimation as default } from 'framer-motion'
