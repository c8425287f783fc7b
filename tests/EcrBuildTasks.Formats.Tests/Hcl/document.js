// A document of HCL as Terraform's JSON syntax, with jsonencode evaluated.
const { parse } = require("@cdktn/hcl2json");

const call = /^\$\{jsonencode\((.*)\)\}$/s;

// What jsonencode is given. To Terraform it is a text, to whoever reads the policy its content.
class JsonText {
  constructor(content) {
    this.content = content;
  }

  toJSON() {
    return this.content;
  }
}

// What `textOf` makes of each text, names included.
async function read(document, textOf) {
  const valueOf = async (json) => {
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
    return encoded ? new JsonText(await valueOf((await parse("value.tf", `value = ${encoded[1]}`)).value)) : textOf(json);
  };
  return valueOf(await parse("document.tf", document));
}

// Runs a program that takes JSON on stdin and gives JSON on stdout.
function run(program) {
  const input = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  program(input).then(
    (output) => process.stdout.write(JSON.stringify(output)),
    (error) => {
      console.error(`${error}`);
      process.exitCode = 1;
    }
  );
}

module.exports = { JsonText, read, run };
