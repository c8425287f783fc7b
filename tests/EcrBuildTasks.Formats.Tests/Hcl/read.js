// HCL documents on stdin, what each holds on stdout: as Terraform's JSON syntax, with jsonencode evaluated, and with the given
// references by their values. Without any, a template that is left is an error.
const { parse } = require("@cdktn/hcl2json");
const { readFileSync } = require("node:fs");

const { documents, references } = JSON.parse(readFileSync(0, "utf8"));
const call = /^\$\{jsonencode\((.*)\)\}$/s;

async function valueOf(json) {
  if (Array.isArray(json)) {
    return Promise.all(json.map(valueOf));
  }
  if (json !== null && typeof json === "object") {
    const entries = Object.entries(json).map(async ([name, value]) => [textOf(name), await valueOf(value)]);
    return Object.fromEntries(await Promise.all(entries));
  }
  if (typeof json !== "string") {
    return json;
  }
  const encoded = call.exec(json);
  return encoded ? valueOf((await parse("value.tf", `value = ${encoded[1]}`)).value) : textOf(json);
}

function textOf(text) {
  const template = text.replace(/(?<!\$)\$\{([\w.]+)\}/g, (whole, name) => references?.[name] ?? whole);
  if (!references && /(?<!\$)\$\{|(?<!%)%\{/.test(template)) {
    throw new Error(`A template is left: ${template}`);
  }
  return template.replace(/([$%])\1\{/g, "$1{");
}

Promise.all(documents.map(async (document) => valueOf(await parse("fix.tf", document)))).then(
  (values) => process.stdout.write(JSON.stringify(values)),
  (error) => {
    console.error(`${error}`);
    process.exitCode = 1;
  }
);
