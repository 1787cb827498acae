// Stands in the place of Next's own modules where a build compiles for browsers: its client fetches and shows other pages, and here a page is a document of its own, which components/site/boot.ts wakes.
export default () => 'module.exports = {}'
