using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Fixes.Pipelines;

/// <summary>A section, directive or step of a Jenkinsfile.</summary>
/// <param name="Name">Such as <c>stage</c>.</param>
/// <param name="Arguments">What it is given.</param>
/// <param name="Body">What is in its braces; <see langword="null"/> without braces.</param>
internal sealed record JenkinsCall(string Name, IReadOnlyList<JsonNode?> Arguments, IReadOnlyList<JenkinsCall>? Body)
{
    /// <summary>The one of this name in the braces.</summary>
    public JenkinsCall this[string name] => (Body ?? []).Where(call => call.Name == name).ShouldHaveSingleItem();

    public IEnumerable<string> Names => (Body ?? []).Select(call => call.Name);
}

/// <summary>Reads Jenkinsfiles by the version of Groovy that Jenkins itself has.</summary>
internal static class Jenkinsfile
{
    // As Debian installs it.
    private const string Groovy = "/usr/share/java/groovy-all.jar";

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly string Reader = typeof(Jenkinsfile)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "GroovyReader")
        .Value!;

    public static async Task<IReadOnlyList<JenkinsCall>> ReadAsync(string text)
    {
        var result = await RunAsync(text);
        return JsonSerializer.Deserialize<JenkinsCall[]>(result.EnsureSuccess().Output, Web)!;
    }

    public static Task<CliResult> RunAsync(string text)
    {
        var java = (File.Exists(Groovy) ? Cli.Find("java") : null).OrSkip(
            "Groovy is needed: apt-get install groovy default-jre-headless",
            Assert.Skip
        );
        return Cli.RunAsync(
            java,
            ["-cp", Groovy, "groovy.ui.GroovyMain", Reader],
            standardInput: text,
            cancellationToken: TestContext.Current.CancellationToken
        );
    }
}
