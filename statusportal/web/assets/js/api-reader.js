// Start the API reader on the element that names the document it reads.
window.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-api-document]");
  window.SwaggerUIBundle({ url: place.dataset.apiDocument, domNode: place, deepLinking: true, validatorUrl: null });
});
