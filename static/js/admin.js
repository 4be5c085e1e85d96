// Django’s autocompletes say what is chosen, not for what: each takes the name of its field.
const nameOf = (select) => {
  const cell = select.closest("td");
  const heading = cell && cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
  return (select.labels[0] ?? heading ?? select).textContent.trim();
};
const named = (box) => {
  const select = box.previousElementSibling;
  if (!select?.matches("select")) return;
  const name = nameOf(select);
  for (const part of box.querySelectorAll("[role=combobox], [role=textbox], input")) {
    const chosen = part.querySelector(".select2-selection__rendered")?.textContent ?? part.textContent;
    part.removeAttribute("aria-labelledby");
    part.setAttribute("aria-label", [name, chosen.trim()].filter(Boolean).join(": "));
  }
  for (const list of box.querySelectorAll("ul")) list.setAttribute("role", "presentation");
};
const all = () => document.querySelectorAll(".select2-container").forEach(named);
new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(".select2-search--dropdown input")) return;
  const open = document.querySelector(".select2-container--open");
  const select = open?.previousElementSibling;
  if (select?.matches("select")) target.setAttribute("aria-label", nameOf(select));
});
all();
