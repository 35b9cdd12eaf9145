for (const list of document.querySelectorAll(".sectors")) {
  const field = list.querySelector("input"), status = list.querySelector("[role=status]");
  const sectors = [...list.querySelectorAll("details")];
  list.querySelector(".search").hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim();
    const found = sectors.filter((sector) => sector.dataset.words.includes(wanted));
    for (const sector of sectors) {
      sector.hidden = !found.includes(sector);
      sector.open = wanted !== "" && found.length === 1 && found[0] === sector;
    }
    status.textContent = found.length ? `${found.length} 个行业` : "没有这个行业的图表";
  });
}
