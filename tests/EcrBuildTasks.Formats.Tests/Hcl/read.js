// HCL documents on stdin, what each holds on stdout, with the given references by their values. Without any, a template that is left is
// an error.
const { read, run } = require("./document.js");

run(({ documents, references }) => {
  const textOf = (text) => {
    const template = text.replace(/(?<!\$)\$\{([\w.]+)\}/g, (whole, name) => references?.[name] ?? whole);
    if (!references && /(?<!\$)\$\{|(?<!%)%\{/.test(template)) {
      throw new Error(`A template is left: ${template}`);
    }
    return template.replace(/([$%])\1\{/g, "$1{");
  };
  return Promise.all(documents.map((document) => read(document, textOf)));
});
