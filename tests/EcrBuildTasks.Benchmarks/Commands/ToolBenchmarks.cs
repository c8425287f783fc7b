using System.Diagnostics;
using System.Runtime.InteropServices;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Commands;

/// <summary>
/// The native tool beside the AWS CLI's calls that it replaces: whole processes, in turns, at the same emulated AWS. Needs
/// a C compiler, and the package awscli.
/// <code>
/// dotnet run --project tests/EcrBuildTasks.Benchmarks -c Release -- tool [ROUNDS] [PATH OF A NATIVE dotnet-ecr]
/// </code>
/// </summary>
internal static class ToolBenchmarks
{
    private const string Account = "444455556666";
    private const string Repository = "bench";
    private const string Registry = $"{Account}.dkr.ecr.eu-west-1.amazonaws.com";
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>What a person types to find out whether a push would be allowed.</summary>
    private static readonly string[][] CallsOfCheck =
    [
        ["sts", "get-caller-identity"],
        Token,
        ["ecr", "describe-repositories", "--repository-names", Repository],
        ["ecr", "get-repository-policy", "--repository-name", Repository],
        ["ecr", "batch-check-layer-availability", "--repository-name", Repository, "--layer-digests", Digest],
        ["ecr", "initiate-layer-upload", "--repository-name", Repository],
    ];

    private static string[] Token => ["ecr", "get-authorization-token"];

    public static async Task ReportAsync(string[] arguments)
    {
        var rounds = arguments is [var given, ..] ? int.Parse(given) : 10;
        var folder = Directory.CreateTempSubdirectory("ecr-bench-tool-").FullName;
        await using var emulator = await BenchmarkedProject.StartEmulatorAsync(
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"ecr:*"}]}"""
        );
        try
        {
            var shell = new Shell(
                arguments is [_, var path] ? Path.GetFullPath(path) : await PublishAsync(folder),
                emulator,
                folder
            );
            Report.Heading($"{Environment.ProcessorCount} processors, {rounds} rounds in turns, whole processes");
            Report.Figure("size of the native dotnet-ecr", $"{SizeOf(shell.Tool) / 1e6:F1} MB");

            var version = await Rounds.RunAsync(
                rounds * 3,
                ("dotnet-ecr --version", () => shell.EcrAsync("--version"))
            );
            Report.Figure(
                version[0].Name,
                $"{version[0].Median * 1000:F0} ms (least {version[0].Least * 1000:F0})",
                "< 30 ms",
                version[0].Median < 0.030
            );

            await CompareAsync(
                "dotnet-ecr check",
                () => shell.EcrAsync("check", $"{Registry}/{Repository}:1"),
                "the six calls of aws",
                async () =>
                {
                    var watch = Stopwatch.StartNew();
                    foreach (var call in CallsOfCheck)
                    {
                        await shell.AwsAsync(call);
                    }

                    return watch.Elapsed;
                },
                0.25
            );
            await CompareAsync(
                "dotnet-ecr login --print-password --no-cache",
                () => shell.EcrAsync("login", "--print-password", "--no-cache", Registry),
                "aws ecr get-authorization-token",
                () => shell.AwsAsync(Token),
                0.10
            );
            await CompareAsync(
                "dotnet-ecr login --print-password, kept",
                () => shell.EcrAsync("login", "--print-password", Registry),
                "dotnet-ecr login --print-password --no-cache",
                () => shell.EcrAsync("login", "--print-password", "--no-cache", Registry),
                1
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task CompareAsync(
            string name,
            Func<Task<TimeSpan>> run,
            string peer,
            Func<Task<TimeSpan>> runPeer,
            double goal
        )
        {
            var series = await Rounds.RunAsync(rounds, (name, run), (peer, runPeer));
            Report.Seconds(series[0]);
            Report.Seconds(series[1]);
            Report.Ratio(series[0], series[1], goal);
        }
    }

    /// <summary>An installed tool is a link.</summary>
    private static long SizeOf(string tool)
    {
        var file = new FileInfo(tool);
        return ((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length;
    }

    private static async Task<string> PublishAsync(string folder)
    {
        var output = Path.Combine(folder, "native");
        (
            await Cli.RunAsync(
                "dotnet",
                [
                    "publish",
                    Path.Combine(SourceTree.Src, "EcrBuildTasks.Tool"),
                    "-c",
                    "Release",
                    "-r",
                    RuntimeInformation.RuntimeIdentifier,
                    "-o",
                    output,
                    "--artifacts-path",
                    Path.Combine(folder, "artifacts"),
                ],
                timeout: TimeSpan.FromMinutes(15)
            )
        ).EnsureSuccess();
        return Path.Combine(output, "dotnet-ecr");
    }

    private sealed class Shell(string tool, EcrEmulator emulator, string folder)
    {
        // The distribution's own, where a version manager has put its slower starter in front.
        private readonly string _aws = File.Exists("/usr/bin/aws")
            ? "/usr/bin/aws"
            : Cli.Find("aws") ?? throw new InvalidOperationException("There is no aws: apt-get install awscli");

        public string Tool => tool;

        public Task<TimeSpan> EcrAsync(params string[] arguments) => RunAsync(tool, arguments);

        public Task<TimeSpan> AwsAsync(params string[] arguments) => RunAsync(_aws, arguments);

        private async Task<TimeSpan> RunAsync(string program, string[] arguments) => (
                await Cli.RunAsync(
                    program,
                    arguments is ["--version"]
                        ? arguments
                        : [.. arguments, "--endpoint-url", emulator.Endpoint.ToString()],
                    folder,
                    new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        ["HOME"] = folder,
                        ["AWS_ACCESS_KEY_ID"] = "AKIAALLOWED",
                        ["AWS_SECRET_ACCESS_KEY"] = "secret",
                        ["AWS_SESSION_TOKEN"] = null,
                        ["AWS_PROFILE"] = null,
                        ["AWS_REGION"] = "eu-west-1",
                        ["AWS_DEFAULT_REGION"] = "eu-west-1",
                        ["AWS_PAGER"] = "",
                        ["AWS_ECR_DISABLE_CACHE"] = null,
                        ["XDG_CACHE_HOME"] = null,
                        ["NO_PROXY"] = "127.0.0.1",
                    }
                )
            ).EnsureSuccess().Elapsed;
    }
}
