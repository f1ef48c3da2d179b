// The pages work without this. It shows passwords that are typed, and keeps a form from being sent twice.
"use strict";

for (const input of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show";
  button.textContent = input.dataset.show;
  button.setAttribute("aria-controls", input.id);
  button.setAttribute("aria-describedby", `${input.id}-label`);
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? input.dataset.show : input.dataset.hide;
  });
  input.after(button);
  // What is sent is a password again, so that no browser keeps it as a text.
  input.form.addEventListener("submit", () => (input.type = "password"));
}

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// A page that the browser brings back is a new one.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
