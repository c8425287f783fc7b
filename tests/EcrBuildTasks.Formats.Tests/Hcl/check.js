// HCL documents on stdin; on stdout, for each, what the AWS provider's schema and Terraform's language find wrong with it.
const { JsonText, read, run } = require("./document.js");
const { typeOf } = require("./provider.js");

// https://developer.hashicorp.com/terraform/language
const language = {
  terraform: ["required_version", "required_providers"],
  variable: ["type", "default", "description", "validation", "sensitive", "nullable", "ephemeral"],
  output: ["value", "description", "sensitive", "depends_on", "precondition", "ephemeral"],
};
const metaArguments = ["count", "for_each", "depends_on", "provider", "lifecycle"];

run(({ documents }) => Promise.all(documents.map(async (text) => check(await read(text, (whole) => whole)))));

function check(document) {
  const findings = [];
  const say = (path, what) => findings.push(`${path}: ${what}`);
  for (const [kind, blocks] of Object.entries(document)) {
    if (kind === "resource" || kind === "data") {
      for (const [type, block] of each(blocks)) {
        checkTyped(type, kind === "data", block, say);
      }
    } else if (kind in language) {
      const all = kind === "terraform" ? blocks.map((block) => [kind, block]) : each({ [kind]: blocks });
      for (const [path, block] of all) {
        Object.keys(block)
          .filter((name) => !language[kind].includes(name))
          .forEach((name) => say(path, `${name} is not expected here`));
      }
    } else {
      say(kind, "is no block that is checked");
    }
  }
  checkVersion(document, say);
  checkReferences(document, say);
  return findings;
}

// The schema is of a version that the document allows.
function checkVersion(document, say) {
  const wanted = document.terraform?.[0].required_providers?.[0].aws;
  if (wanted) {
    const [major, minor] = typeOf("aws_iam_role", false).version.split(".").map(Number);
    const [, from, least] = /^~> (\d+)\.(\d+)$/.exec(wanted.version) ?? [];
    if (wanted.source !== "hashicorp/aws" || Number(from) !== major || Number(least) > minor) {
      say("required_providers.aws", `is not ${major}.${minor} of hashicorp/aws, whose schema this is`);
    }
  }
}

// The blocks of { type: { label: [block] } }, by their types.
function each(blocks) {
  return Object.entries(blocks).flatMap(([type, labels]) => Object.values(labels).flatMap((list) => list.map((block) => [type, block])));
}

function checkTyped(type, isData, block, say) {
  const schema = typeOf(type, isData);
  if (!schema) {
    say(type, "the provider has no such type");
    return;
  }
  const own = Object.fromEntries(Object.entries(block).filter(([name]) => !metaArguments.includes(name)));
  checkArguments(type, schema.arguments, own, say);
}

function checkArguments(path, schema, given, say) {
  for (const [name, { required }] of Object.entries(schema)) {
    if (required && !(name in given)) {
      say(path, `${name} is missing`);
    }
  }
  for (const [name, value] of Object.entries(given)) {
    if (!(name in schema)) {
      say(path, `${name} is not expected here`);
    } else if (schema[name].isBlock) {
      checkBlock(`${path}.${name}`, schema[name], value, say);
    } else {
      checkValue(`${path}.${name}`, schema[name], value, say);
    }
  }
}

// The parser gives a list for blocks, also for one.
function checkBlock(path, schema, value, say) {
  if (!Array.isArray(value)) {
    say(path, "is a block, not an argument");
    return;
  }
  if (schema.shape !== "list" && value.length > 1) {
    say(path, "is allowed once");
  }
  const { arguments: inner } = schema.of ?? schema;
  value.forEach((block) => checkArguments(path, inner, block, say));
}

function checkValue(path, schema, value, say) {
  if (typeof value === "string" && /^\$\{.*\}$/s.test(value)) {
    return;
  }
  const fits = {
    any: () => true,
    string: () => typeof value !== "object" || value instanceof JsonText,
    number: () => typeof value !== "object" && !Number.isNaN(Number(value)),
    boolean: () => typeof value === "boolean" || ["true", "false"].includes(value),
    list: () => Array.isArray(value),
    map: () => isObject(value),
    object: () => isObject(value),
  };
  if (!fits[schema.shape]()) {
    say(path, `is no ${schema.shape}`);
  } else if (schema.shape === "list") {
    value.forEach((item) => checkValue(path, schema.of, item, say));
  } else if (schema.shape === "object") {
    checkArguments(path, schema.arguments, value, say);
  }
}

function isObject(value) {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof JsonText);
}

// Each variable, resource and data source that is named is there, has that attribute, and each variable is named.
function checkReferences(document, say) {
  const named = new Set();
  for (const [, expression] of JSON.stringify(document).matchAll(/(?<!\$)\$\{(.*?)\}/g)) {
    for (const [whole] of expression.matchAll(/(?<![\w."-])(?:var|data|aws_\w+)(?:\.\w+)+/g)) {
      const parts = whole.split(".");
      const isData = parts[0] === "data";
      if (parts[0] === "var") {
        named.add(parts[1]);
        if (!document.variable?.[parts[1]]) {
          say(whole, "is not declared");
        }
        continue;
      }
      const [type, label, attribute] = isData ? parts.slice(1) : parts;
      if (!document[isData ? "data" : "resource"]?.[type]?.[label]) {
        say(whole, "is not declared");
      } else if (attribute && !typeOf(type, isData)?.attributes.has(camelCase(attribute))) {
        say(whole, "the provider has no such attribute");
      }
    }
  }
  Object.keys(document.variable ?? {})
    .filter((name) => !named.has(name))
    .forEach((name) => say(`var.${name}`, "is never used"));
}

function camelCase(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}
