// What Debian's mdbook leaves out of the pages that it makes: colours of code, and the menu of themes.
const highlight = hljs.highlightElement ?? hljs.highlightBlock;
for (const code of document.querySelectorAll('pre code[class*="language-"]')) highlight(code);

const menu = document.getElementById("theme-list");
const toggle = document.getElementById("theme-toggle");

function show(isOpen) {
  menu.style.display = isOpen ? "block" : "none";
  toggle.setAttribute("aria-expanded", String(isOpen));
}

toggle.addEventListener("click", () => show(menu.style.display !== "block"));
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") show(false);
});
menu.addEventListener("click", ({ target }) => {
  const theme = target.closest(".theme")?.id;
  if (theme === undefined) return;
  const { classList } = document.documentElement;
  for (const other of menu.querySelectorAll(".theme")) classList.remove(other.id);
  if (theme === "default_theme") localStorage.removeItem("mdbook-theme");
  else localStorage.setItem("mdbook-theme", theme);
  classList.add(theme === "default_theme" ? default_theme : theme);
  show(false);
});
