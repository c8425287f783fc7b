#!/usr/bin/env dotnet
#:project src/EcrBuildTasks.Core
#:project src/EcrBuildTasks.Emulator
#:project tests/EcrBuildTasks.RealParts
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property RestorePackagesWithLockFile=false
#:property RestoreLockedMode=false
#:property CSharpier_Bypass=true
#:property MinVerSkip=true

// A push that is denied, the statement that fixes it, the same push again: against ECR's emulator, directly to the registry and, if one
// answers, through a Docker Engine.

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Policies;
using EcrBuildTasks.RealParts;
using RoleSession = EcrBuildTasks.Emulator.Configuration.RoleSession;

const string Owner = "444455556666";
const string Region = "eu-west-1";
const string Repository = "hello-api";

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
var stop = interrupted.Token;

// Everything that is talked to is on this machine.
HttpClient.DefaultProxy = new WebProxy();
var steps = 0;
var root = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var work = Directory.CreateTempSubdirectory("ecr-demo-").FullName;
var app = Path.Combine(work, "HelloApi");
var results = Path.Combine(app, "obj", "Release", "net10.0", "ecr");
try
{
    await using var emulator = await EcrEmulator.StartAsync(Scenario(), stop);
    Step("Two AWS accounts, played by an emulator");
    Say($"Amazon ECR and STS    {emulator.Endpoint}");
    Say("account 111122223333  has the role ci, whose own policy allows ecr:*");
    Say($"account {Owner}  owns the repository {Repository}, which has no repository policy");

    Step("Pack EcrBuildTasks, and copy samples/HelloApi to a folder that uses the package");
    var version = $"0.0.0-demo.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}";
    var feed = Path.Combine(work, "feed");
    var pack = await RunAsync(
        "dotnet",
        ["pack", "src/EcrBuildTasks", "-c", "Release", "-o", feed, $"-p:MinVerVersionOverride={version}"],
        root
    );
    Must(pack.ExitCode == 0, "the package is packed");
    CopySample(version, feed, $"localhost:{emulator.Endpoint.Port}/public/base:1");

    string[] publish = ["publish", "/t:PushToEcr"];
    var pusher = BuildEnvironment(emulator.Endpoint);
    Step("Role ci pushes to the other account's repository, which does not allow it yet");
    var forbidden = await RunAsync("dotnet", publish, app, pusher);
    Must(forbidden.ExitCode != 0 && forbidden.Output.Contains("error ECR2001:"), "the build failed with ECR2001");
    Must(!File.Exists(Path.Combine(app, "obj", "Release", "net10.0", "HelloApi.dll")), "nothing was compiled");

    Step($"The owner of account {Owner} adds exactly that statement (the command above does the same)");
    using var ecr = new EcrClient(
        new BasicAWSCredentials("AKIADEMOOWNER", "demo-owner"),
        new EcrClientConfig { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = Region }
    );
    var fix = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(results, "policy-fix.json"), stop));
    var statement = Statement.Parse(fix.RootElement[0].GetProperty("statement").GetRawText());
    Say("ecr:SetRepositoryPolicy with the statement of obj/Release/net10.0/ecr/policy-fix.json");
    await ecr.SetRepositoryPolicyAsync(
        new() { RepositoryName = Repository, PolicyText = (await CurrentPolicyAsync(ecr)).With(statement).ToJson() },
        stop
    );
    Must((await CurrentPolicyAsync(ecr)).Statements.Count == 1, "the policy has the statement");

    Step("Role ci runs the same command again");
    var allowed = await RunAsync("dotnet", publish, app, pusher);
    Must(allowed.ExitCode == 0, "the build succeeded");
    var push = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(results, "push.json"), stop));
    var digest = push.RootElement.GetProperty("digest").GetString()!;

    Step("The owner fetches the image back by that digest");
    var registry = emulator.Endpoint.Authority;
    var tokens = await ecr.GetAuthorizationTokenAsync(new(), stop);
    var token = tokens.AuthorizationData!.Single().AuthorizationToken!;
    Say($"GET http://{registry}/v2/{Repository}/manifests/{digest}");
    var actual = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(await GetManifestAsync(registry, digest, token)))}";
    Say($"printed by the build      {digest}");
    Say($"SHA-256 of the manifest   {actual}");
    Must(actual == digest, "the digests agree");

    Step("Role ci publishes again under another tag: the registry has all of it");
    var tagged = await RunAsync("dotnet", [.. publish, "-p:EcrImageTags=stable"], app, pusher);
    Must(tagged.ExitCode == 0 && tagged.Output.Contains(" 0 B sent of "), "no layer was sent again");

    Step("Role ci pushes through a Docker Engine, if one answers");
    string[] byEngine = [.. publish, "-p:EcrPushMode=Engine", "-p:EcrImageTags=engine"];
    var engine = await RunAsync("dotnet", byEngine, app, pusher);
    if (engine.ExitCode != 0 && engine.Output.Contains("error ECR4"))
    {
        Say("Skipped: no engine answers, or it cannot reach the emulator. The message says which.");
    }
    else
    {
        Must(engine.Output.Contains("through the Docker Engine at "), "the engine pushed the image");
    }

    Console.WriteLine("\nAll of it held.");
    return 0;
}
catch (InvalidOperationException failure)
{
    Console.Error.WriteLine($"\nThe demo failed: {failure.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 1;
}
finally
{
    Directory.Delete(work, recursive: true);
}

static EmulatorOptions Scenario()
{
    IamPolicy all = new(
        "all",
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""
    );
    RoleSession session = new("run-7", new AccessKey("ASIADEMORUN7", "demo-run-7", "demo-session-token"));
    return new()
    {
        Accounts =
        [
            new("111122223333") { Roles = [new("ci") { IdentityPolicies = [all], Sessions = [session] }] },
            new(Owner)
            {
                Users = [new("owner") { IdentityPolicies = [all], AccessKeys = [new("AKIADEMOOWNER", "demo-owner")] }],
                Registries = [new(Region) { Repositories = [new(Repository)] }],
            },
        ],
        PublicImages = [new("public/base", "1")],
    };
}

// What differs from a user's folder stands beside the copied sample, which stays as it is.
void CopySample(string version, string feed, string baseImage)
{
    Directory.CreateDirectory(app);
    foreach (var name in new[] { "HelloApi.csproj", "Program.cs" })
    {
        File.Copy(Path.Combine(root, "samples", "HelloApi", name), Path.Combine(app, name));
    }

    File.WriteAllText(
        Path.Combine(work, "Directory.Build.targets"),
        $"""
        <Project>
          <PropertyGroup>
            <RestoreAdditionalProjectSources>{feed}</RestoreAdditionalProjectSources>
            <RestorePackagesPath>{Path.Combine(work, "packages")}</RestorePackagesPath>
            <ContainerBaseImage>{baseImage}</ContainerBaseImage>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Update="EcrBuildTasks" Version="[{version}]" />
          </ItemGroup>
        </Project>
        """
    );
}

// The AWS settings of the person who runs the demo play no part in it.
Dictionary<string, string?> BuildEnvironment(Uri aws)
{
    var environment = Environment
        .GetEnvironmentVariables()
        .Keys.Cast<string>()
        .Where(name => name.StartsWith("AWS_", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
    environment["AWS_ENDPOINT_URL"] = aws.ToString();
    environment["AWS_ACCESS_KEY_ID"] = "ASIADEMORUN7";
    environment["AWS_SECRET_ACCESS_KEY"] = "demo-run-7";
    environment["AWS_SESSION_TOKEN"] = "demo-session-token";
    environment["AWS_CONFIG_FILE"] = environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(work, "no-profiles");
    environment["NO_PROXY"] = environment["no_proxy"] = "localhost,127.0.0.1";
    // A build node that stays alive would keep the package's files open.
    environment["MSBUILDDISABLENODEREUSE"] = "1";
    return environment;
}

async Task<PolicyDocument> CurrentPolicyAsync(EcrClient ecr)
{
    try
    {
        var answer = await ecr.GetRepositoryPolicyAsync(new() { RepositoryName = Repository }, stop);
        return PolicyDocument.Parse(answer.PolicyText!);
    }
    catch (RepositoryPolicyNotFoundException)
    {
        return PolicyDocument.Empty;
    }
}

async Task<byte[]> GetManifestAsync(string registry, string digest, string token)
{
    using var http = new HttpClient();
    using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{registry}/v2/{Repository}/manifests/{digest}");
    request.Headers.Authorization = new AuthenticationHeaderValue("Basic", token);
    request.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.v2+json");
    request.Headers.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
    using var response = await http.SendAsync(request, stop);
    return await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(stop);
}

async Task<CliResult> RunAsync(
    string program,
    string[] arguments,
    string folder,
    Dictionary<string, string?>? environment = null
)
{
    Say($"$ {program} {string.Join(' ', arguments)}");
    return await Cli.RunAsync(
        program,
        arguments,
        folder,
        environment,
        onLine: line => Console.WriteLine($"   | {line}"),
        cancellationToken: stop
    );
}

static void Must(bool held, string what)
{
    Say(held ? $"OK: {what}" : $"NOT SO: {what}");
    if (!held)
    {
        throw new InvalidOperationException($"this did not hold: {what}.");
    }
}

static void Say(string line) => Console.WriteLine($"   {line}");

void Step(string title) => Console.WriteLine($"\n{++steps}. {title}");
