using System.Text.Json;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests.Clients;

/// <summary>The AWS CLI with one source of credentials, pointed at an emulator.</summary>
internal sealed class AwsCli : IDisposable
{
    private readonly Home home = new();
    private readonly string[] options;
    private readonly Dictionary<string, string?> environment;

    /// <summary>With keys.</summary>
    public AwsCli(EcrEmulator emulator, AccessKey key)
        : this(
            ["--endpoint-url", emulator.Endpoint.ToString()],
            ("AWS_ACCESS_KEY_ID", key.Id),
            ("AWS_SECRET_ACCESS_KEY", key.Secret),
            ("AWS_SESSION_TOKEN", key.SessionToken)
        ) { }

    /// <summary>With what the variables name, and all services, those that give credentials too, at their own names.</summary>
    public AwsCli(TlsFront aws, params (string Name, string? Value)[] variables)
        : this(
            [],
            [
                ("HTTPS_PROXY", $"http://{aws.Host}"),
                ("https_proxy", null),
                ("AWS_CA_BUNDLE", aws.BundlePath),
                .. variables,
            ]
        ) { }

    private AwsCli(string[] options, params (string Name, string? Value)[] variables)
    {
        this.options = options;
        environment = new(StringComparer.Ordinal)
        {
            ["HOME"] = home.Folder,
            ["AWS_CONFIG_FILE"] = home.PathOf("config"),
            ["AWS_SHARED_CREDENTIALS_FILE"] = home.PathOf("credentials"),
            ["AWS_PROFILE"] = null,
            ["AWS_ACCESS_KEY_ID"] = null,
            ["AWS_SECRET_ACCESS_KEY"] = null,
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_DEFAULT_REGION"] = Scenario.Region,
            ["AWS_REGION"] = Scenario.Region,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_PAGER"] = "",
            ["NO_PROXY"] = "127.0.0.1",
        };
        foreach (var (name, value) in variables)
        {
            Set(name, value);
        }
    }

    public void Set(string name, string? value) => environment[name] = value;

    /// <summary>Runs a command that must succeed and returns its JSON answer.</summary>
    public async Task<JsonElement> AnswerAsync(params string[] arguments)
    {
        var output = (await RunAsync(arguments)).EnsureSuccess().Output;
        return output.Length == 0 ? default : JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Runs a command that must fail and returns what it says.</summary>
    public async Task<string> RefusalAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.ShouldNotBe(0, result.ToString());
        return result.Error;
    }

    public Task<CliResult> RunAsync(params string[] arguments) =>
        Cli.RunAsync(
            RealPart.Find("aws"),
            [.. options, "--output", "json", .. arguments],
            environment: environment,
            cancellationToken: TestContext.Current.CancellationToken
        );

    /// <summary>A file that an argument can name with <c>file://</c> or <c>fileb://</c>.</summary>
    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(home.PathOf(name))!);
        File.WriteAllBytes(home.PathOf(name), content);
        return home.PathOf(name);
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>The password for a registry's protocol, the caller's own or another account's.</summary>
    public async Task<string> PasswordAsync(string account)
    {
        var answer = await AnswerAsync("ecr", "get-authorization-token", "--registry-ids", account);
        var token = answer.GetProperty("authorizationData")[0].GetProperty("authorizationToken").GetBytesFromBase64();
        return System.Text.Encoding.UTF8.GetString(token).Split(':', 2)[1];
    }

    public void Dispose() => home.Dispose();
}
