using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>A command line that runs a target, as <c>dotnet publish "$PROJECT" -t:PushToEcr</c>.</summary>
/// <param name="Verb">Such as <c>publish</c>.</param>
/// <param name="Target">The target.</param>
/// <param name="Properties">The names of the properties that it sets.</param>
internal sealed partial record PipelineCommand(string Verb, string Target, IReadOnlyList<string> Properties)
{
    /// <summary>The commands of <c>dotnet</c> in a sample's pipeline, in their order.</summary>
    public static async Task<IReadOnlyList<PipelineCommand>> OfAsync(PipelineSample sample) =>
        [
            .. (await ScriptsAsync(sample))
                .SelectMany(script => script.Split('\n'))
                .Select(line => Line().Match(line))
                .Where(match => match.Success)
                .Select(match => new PipelineCommand(
                    match.Groups["verb"].Value,
                    match.Groups["target"].Value,
                    [.. match.Groups["property"].Captures.Select(name => name.Value)]
                )),
        ];

    /// <summary>All that a sample's pipeline gives a shell.</summary>
    public static async Task<IReadOnlyList<string>> ScriptsAsync(PipelineSample sample) =>
        sample.Name == "jenkins"
            ?
            [
                .. CallsIn((await Jenkinsfile.ReadAsync([sample.Read()]))[0].Calls!)
                    .Where(call => call.Name == "sh")
                    .Select(call => call.Arguments[0]!.GetValue<string>()),
            ]
            : ScriptsIn(Yaml(sample.Read()), "");

    public static YamlNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    private static IEnumerable<JenkinsCall> CallsIn(IEnumerable<JenkinsCall> calls) =>
        calls.SelectMany(call => CallsIn(call.Body ?? []).Prepend(call));

    private static IReadOnlyList<string> ScriptsIn(YamlNode node, string key) =>
        node switch
        {
            YamlMappingNode map =>
            [
                .. map.Children.SelectMany(pair => ScriptsIn(pair.Value, ((YamlScalarNode)pair.Key).Value!)),
            ],
            YamlSequenceNode list => [.. list.Children.SelectMany(item => ScriptsIn(item, key))],
            YamlScalarNode { Value: { } text }
                when key
                    is "run"
                        or "script"
                        or "before_script"
                        or "after_script"
                        or "commands"
                        or "inlineScript"
                        or "bash" => [text],
            _ => [],
        };

    [GeneratedRegex(
        """^dotnet (?<verb>build|publish) "\$(PROJECT|\(PROJECT\))" -t:(?<target>\w+)( -p:(?<property>\w+)=("\$[\w.()]+"|\w+))*$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Line();
}
