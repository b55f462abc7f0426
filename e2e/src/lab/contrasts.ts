/** How a page's colours stand out from what is behind them. */

/** WCAG 2, 1.4.3: for a browser to evaluate. */
export const CONTRASTS = `(() => {
  const style = getComputedStyle(document.documentElement);
  const luminance = (name) => {
    const digits = style.getPropertyValue(name).trim().slice(1);
    const parts = (digits.length === 3 ? digits.replace(/./g, "$&$&") : digits).match(/../g);
    const [red, green, blue] = parts.map((part) => parseInt(part, 16) / 255);
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const inks = ["--ink", "--faint", "--accent", "--bad", "--good"].map(luminance);
  return ["--paper", "--panel"].map(luminance).flatMap((paper) => inks.map((ink) => contrast(ink, paper)));
})()`;
