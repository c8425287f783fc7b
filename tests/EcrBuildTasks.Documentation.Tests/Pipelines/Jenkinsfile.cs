using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>A section, directive or step of a Jenkinsfile.</summary>
/// <param name="Name">Such as <c>stage</c>.</param>
/// <param name="Arguments">What it is given.</param>
/// <param name="Body">What is in its braces; <see langword="null"/> without braces.</param>
/// <param name="Assigned">Whether it is a variable that is given a value.</param>
internal sealed record JenkinsCall(
    string Name,
    IReadOnlyList<JsonNode?> Arguments,
    IReadOnlyList<JenkinsCall>? Body,
    bool Assigned
)
{
    /// <summary>The one of this name in the braces.</summary>
    public JenkinsCall this[string name] => (Body ?? []).Where(call => call.Name == name).ShouldHaveSingleItem();

    public IEnumerable<string> Names => (Body ?? []).Select(call => call.Name);
}

/// <summary>A Jenkinsfile as Groovy reads it.</summary>
/// <param name="Calls">What it calls.</param>
/// <param name="Error">Why Groovy cannot read it; <see langword="null"/> where it can.</param>
internal sealed record Jenkinsfile(IReadOnlyList<JenkinsCall>? Calls, string? Error)
{
    // As Debian installs it.
    private const string Groovy = "/usr/share/java/groovy-all.jar";

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly string Reader = typeof(Jenkinsfile)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "GroovyReader")
        .Value!;

    /// <summary>Reads Jenkinsfiles by the version of Groovy that Jenkins itself has.</summary>
    public static async Task<IReadOnlyList<Jenkinsfile>> ReadAsync(IEnumerable<string> texts)
    {
        var java = (File.Exists(Groovy) ? Cli.Find("java") : null).OrSkip("Groovy");
        var result = await Cli.RunAsync(
            java,
            ["-cp", Groovy, "groovy.ui.GroovyMain", Reader],
            standardInput: JsonSerializer.Serialize(texts),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return JsonSerializer.Deserialize<Jenkinsfile[]>(result.EnsureSuccess().Output, Web)!;
    }
}
