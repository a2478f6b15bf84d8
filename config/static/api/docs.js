// Shows the API's description. Everything comes from this host: the page works without another.
"use strict";

const page = document.getElementById("api");

SwaggerUIBundle({
  url: page.dataset.schema,
  dom_id: "#api",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
});
