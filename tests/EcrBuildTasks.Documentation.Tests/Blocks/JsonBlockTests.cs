using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Lint;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Documentation.Tests.Blocks;

/// <summary>JSON of the pages, read by what it is for: none is of a kind that nobody reads.</summary>
public sealed class JsonBlockTests
{
    private const string RegistryOwner = "444455556666";

    public static TheoryData<string> Blocks =>
        [.. DocumentationPages.Blocks.Values.Where(block => block.Language == "json").Select(block => block.Place)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task JSON_is_understood_by_whoever_it_is_for(string place)
    {
        var block = DocumentationPages.Blocks[place];
        var json = JsonNode.Parse(block.Text)!.AsObject();

        switch (json)
        {
            case var _ when json.ContainsKey("Statement"):
                ShouldBeSound(PolicyDocument.Parse(block.Text), block);
                break;
            case var _ when json.ContainsKey("Effect"):
                ShouldBeSound(PolicyDocument.Empty.With(Statement.Parse(block.Text)), block);
                break;
            case var _ when json.ContainsKey("action"):
                ShouldBeACase(block);
                break;
            case var _ when json.ContainsKey("verdict"):
                ShouldBeTheAnswerToTheCaseBefore(json, block);
                break;
            case var _ when json.ContainsKey("credHelpers"):
                json["credHelpers"]!.AsObject().ShouldAllBe(helper => helper.Value!.GetValue<string>() == "ecr-dotnet");
                break;
            case var _ when json.ContainsKey("pushedBytes"):
                ShouldHaveTheFieldsOf(ReportJson.Describe(Pushed()), json);
                break;
            case var _ when json.ContainsKey("rules"):
                ShouldBeALifecyclePolicy(block);
                break;
            default:
                await ShouldStartAnEmulatorAsync(block);
                break;
        }
    }

    /// <summary>The linter finds nothing in a policy, or exactly what the page means to show.</summary>
    private static void ShouldBeSound(PolicyDocument policy, CodeBlock block)
    {
        var meant = block.Remark is { } remark
            ? remark.Replace("lint:", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : [];
        var context = new LintContext
        {
            // A role's trust policy is no repository policy.
            Kind =
                block.Text.Contains("\"Principal\"") && !block.Text.Contains("sts:AssumeRole")
                    ? PolicyKind.Repository
                    : PolicyKind.Identity,
            OwnerAccount = RegistryOwner,
            Partition = "aws",
        };

        PolicyLint
            .Check(policy, context)
            .Select(finding => LintDiagnosis.CodeOf(finding.Problem).Id)
            .ShouldBe(meant, block.Place);
    }

    private static void ShouldBeACase(CodeBlock block)
    {
        var count = Run(
            block.Text,
            () => block.Text.Contains("\"expected\"") ? new ExpectationReport() : new AnswerReport()
        );

        count.Right.ShouldBe(1, block.Place);
    }

    /// <summary>What the page shows of an answer is in the real one.</summary>
    private static void ShouldBeTheAnswerToTheCaseBefore(JsonObject shown, CodeBlock block)
    {
        var question = DocumentationPages
            .Blocks.Values.Where(other => other.Page == block.Page && other.Line < block.Line)
            .Last(other => other.Language == "json");
        using var output = new MemoryStream();
        CaseRun.Run(new MemoryStream(Encoding.UTF8.GetBytes(question.Text)), output, () => new AnswerReport());

        var answer = JsonNode.Parse(output.ToArray())!.AsObject();

        foreach (var (name, value) in shown)
        {
            JsonNode.DeepEquals(answer[name], value).ShouldBeTrue($"{block.Place}: {name} is {answer[name]}");
        }
    }

    private static void ShouldBeALifecyclePolicy(CodeBlock block)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, block.Text);
            new RepositoryOptions { LifecyclePolicy = file }
                .Read(Path.GetTempPath())
                .LifecyclePolicy.ShouldNotBeNull(block.Place);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task ShouldStartAnEmulatorAsync(CodeBlock block)
    {
        await using var emulator = await EmulatorFile.StartAsync(block);

        emulator.Endpoint.IsLoopback.ShouldBeTrue();
    }

    private static void ShouldHaveTheFieldsOf(JsonNode? real, JsonNode? shown)
    {
        switch (real)
        {
            case JsonObject fields:
                shown!.AsObject().Select(field => field.Key).ShouldBe(fields.Select(field => field.Key));
                foreach (var (name, value) in fields)
                {
                    ShouldHaveTheFieldsOf(value, shown[name]);
                }

                break;
            case JsonArray items:
                ShouldHaveTheFieldsOf(items.ShouldHaveSingleItem(), shown!.AsArray().ShouldHaveSingleItem());
                break;
        }
    }

    private static CaseCount Run(string line, Func<CaseReport> report) =>
        CaseRun.Run(new MemoryStream(Encoding.UTF8.GetBytes(line)), Stream.Null, report);

    private static PushResult Pushed()
    {
        var image = new ImageReference(EcrRegistry.Create(RegistryOwner, "eu-west-1"), "hello-api", ["1.0.0"]);
        var pushed = new PushedImage
        {
            Digest = "sha256:abc",
            Tags = ["1.0.0"],
            SizeInBytes = 10,
            PushedBytes = 5,
            Layers = [],
        };
        var caller = new CallerIdentity(
            "arn:aws:sts::111122223333:assumed-role/ci/run-7",
            "111122223333",
            "AROACI:run-7"
        );
        return new(
            image,
            image.Registry.ToString(),
            pushed,
            "without an engine",
            TimeSpan.FromSeconds(1),
            caller,
            "environment variables"
        )
        {
            FloatingTags = [new("latest", HeldBy: "1.4.2")],
        };
    }
}
