/** What of a page cannot be seen without scrolling sideways. */

/** For a browser to evaluate, once it has drawn what its window shows. Tables have a place of their own in which they scroll. */
export const CUT_OFF = `new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)).then(() => {
  const root = document.querySelector("dialog") ?? document.body;
  const all = [root, ...root.querySelectorAll("*:not(option)")].filter((each) => !each.matches(".scroll *"));
  const isOut = ({ left, right }) => left < 0 || right > innerWidth + 0.5;
  const isFull = (each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth && !each.matches(".scroll, input");
  return all
    .filter((each) => isOut(each.getBoundingClientRect()) || isFull(each))
    .map((each) => each.outerHTML.slice(0, 200));
})`;
