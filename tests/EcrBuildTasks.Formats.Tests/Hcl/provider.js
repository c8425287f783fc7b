// The schema of Terraform's AWS provider, as its bindings for the CDK Terrain declare it: made from the provider's own schema, with the
// names of Terraform in the links to its documentation.
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const library = join(__dirname, "node_modules", "@cdktn", "provider-aws", "lib");
const known = new Map();

// A type of resources, or of data sources: { version, arguments, attributes }; undefined where the provider has none of the name.
function typeOf(name, isData) {
  const folder = (isData ? "data-" : "") + (isData ? name : name.replace(/^aws_/, "")).replaceAll("_", "-");
  if (!known.has(folder)) {
    const path = join(library, folder, "index.d.ts");
    known.set(folder, existsSync(path) ? read(readFileSync(path, "utf8"), name) : undefined);
  }
  return known.get(folder);
}

function read(declarations, name) {
  const [, type] = declarations.match(new RegExp(`export declare class (\\w+) extends \\S+ {\\n    static readonly tfResourceType = "${name}";`));
  const members = declarations.slice(declarations.indexOf(`export declare class ${type} `));
  return {
    version: /hashicorp\/aws\/([\d.]+)\/docs/.exec(declarations)[1],
    arguments: argumentsOf(declarations, `${type}Config`),
    attributes: new Set([...members.matchAll(/^    get (\w+)\(\)/gm)].map((getter) => getter[1])),
  };
}

function argumentsOf(declarations, type) {
  const [, body] = declarations.match(new RegExp(`export interface ${type}(?: extends [\\w.]+)? {\\n(.*?)\\n}`, "s"));
  const found = [...body.matchAll(/\/\*\*(.*?)\*\/\s+readonly \w+(\?)?: ((?:{[^}]*}|[^;{])*);/gs)];
  if (found.length !== body.match(/^    readonly /gm).length) {
    throw new Error(`Not all of ${type} is understood.`);
  }
  return Object.fromEntries(
    found.map(([, comment, optional, declared]) => [
      /#(\w+) /.exec(comment)[1],
      { required: !optional, isBlock: / block$/m.test(comment), ...shapeOf(declarations, declared.replace(" | cdktn.IResolvable", "")) },
    ])
  );
}

function shapeOf(declarations, declared) {
  if (declared.endsWith("[]")) {
    return { shape: "list", of: shapeOf(declarations, declared.slice(0, -2)) };
  }
  if (["string", "number", "boolean", "any"].includes(declared)) {
    return { shape: declared };
  }
  return declared.startsWith("{") ? { shape: "map" } : { shape: "object", arguments: argumentsOf(declarations, declared) };
}

module.exports = { typeOf };
