/** Whether the plot of the web page shows anything. */

/** To be evaluated in the page: whether something in the plot has the colour of a line. */
export const DRAWN = `(() => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--accent)";
  const [red, green, blue] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  probe.remove();
  const canvas = document.querySelector(".plot canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((each, i) => i % 4 === 0 && each === red && data[i + 1] === green && data[i + 2] === blue);
})()`;
