const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const islands = await import(js);
await islands.default({ module_or_path: wasm });
islands.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  islands[island.dataset.component]?.(island);
}
