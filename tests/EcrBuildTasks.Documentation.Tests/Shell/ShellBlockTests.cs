using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Shell;

public sealed class ShellBlockTests
{
    private static readonly string[] Languages = ["shell", "bash", "sh"];

    // Programs that the pages use, and that are not ours to check beyond their names.
    private static readonly string[] OtherPrograms =
    [
        "apt-get",
        "arm64/dotnet-ecr",
        "aspire",
        "cat",
        "cd",
        "docker",
        "dpkg",
        "echo",
        "exec",
        "export",
        "gh",
        "git",
        "Invoke-Expression",
        "jq",
        "kubectl",
        "Out-String",
        "podman",
        "qemu-aarch64-static",
        "skopeo",
        "source",
        "sudo",
        "/usr/lib/wine/wine64",
    ];

    public static TheoryData<string> Blocks =>
        [.. DocumentationPages.Blocks.Values.Where(block => ScriptOf(block).Length > 0).Select(block => block.Place)];

    public static TheoryData<string> AwsLines =>
        [
            .. DocumentationPages
                .Blocks.Values.SelectMany(block => ShellScript.Read(ScriptOf(block)))
                .Where(command => command.Program == "aws")
                .Select(command => string.Join('\n', command.Arguments))
                .Distinct(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_command_is_one_that_its_program_understands(string place)
    {
        var commands = ShellScript.Read(ScriptOf(DocumentationPages.Blocks[place]));

        commands.ShouldNotBeEmpty();
        commands.SelectMany(command => Mistakes(command).Select(mistake => $"{command}: {mistake}")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Every_script_is_one_that_bash_can_read(string place)
    {
        var bash = RealPart.Find("bash");

        var result = await Cli.RunAsync(
            bash,
            ["-n"],
            standardInput: ScriptOf(DocumentationPages.Blocks[place]),
            cancellationToken: TestContext.Current.CancellationToken
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Error.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(AwsLines))]
    public async Task Every_command_of_the_AWS_CLI_is_one_that_it_understands(string arguments) =>
        (await AwsCommands.MistakeAsync(arguments.Split('\n'))).ShouldBeNull();

    [Theory]
    [MemberData(nameof(JqLines))]
    public async Task Every_filter_of_jq_compiles(string arguments)
    {
        const int DoesNotCompile = 3;
        var jq = RealPart.Find("jq");

        var result = await Cli.RunAsync(
            jq,
            arguments.Split('\n'),
            cancellationToken: TestContext.Current.CancellationToken
        );

        result.ExitCode.ShouldNotBe(DoesNotCompile, result.ToString());
    }

    public static TheoryData<string> JqLines =>
        [
            .. DocumentationPages
                .Blocks.Values.SelectMany(block => ShellScript.Read(ScriptOf(block)))
                .Where(command => command.Program == "jq")
                .Select(command => string.Join('\n', command.Arguments))
                .Distinct(StringComparer.Ordinal),
        ];

    [Fact]
    public void Every_command_of_the_tool_that_the_prose_names_exists() =>
        DocumentationPages
            .All.SelectMany(page => page.InlineCode.Select(code => (page.Path, Words: code.Split(' '))))
            .Select(each => (each.Path, Arguments: ToolArguments(each.Words)))
            .Where(each => each.Arguments is not null)
            .SelectMany(each =>
                ProductCommands.UnknownNames(each.Arguments!).Select(unknown => $"{each.Path}: {unknown}")
            )
            .ShouldBeEmpty();

    private static IReadOnlyList<string> Mistakes(ShellCommand command) =>
        command.Program switch
        {
            "dotnet" => DotnetCommands.Mistakes(command.Arguments),
            "dotnet-ecr" => ProductCommands.MistakesOfTool(command.Arguments),
            "ecr-emulator" => ProductCommands.MistakesOfEmulator(command.Arguments),
            // By the AWS CLI itself, each once.
            "aws" => [],
            "exec" when command.Arguments is ["dotnet-ecr", .. var arguments] => ProductCommands.MistakesOfTool([
                // Whatever docker asks for.
                .. arguments.Select(argument => argument == "value" ? "get" : argument),
            ]),
            var program when OtherPrograms.Contains(program) => [],
            _ => ["this program is not known"],
        };

    private static string[]? ToolArguments(string[] words) =>
        words switch
        {
            ["dotnet", "ecr", .. var arguments] => arguments,
            ["dotnet-ecr", .. var arguments] => arguments,
            _ => null,
        };

    /// <summary>A script, or what is typed at the prompts of a session.</summary>
    private static string ScriptOf(CodeBlock block) =>
        Languages.Contains(block.Language) ? block.Text
        : block.Language == "text" ? string.Join('\n', Typed(block.Text))
        : "";

    private static IEnumerable<string> Typed(string session) =>
        session.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]);
}
