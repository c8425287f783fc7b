using System.Net;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Explaining;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Lint;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Fuzz;

/// <summary>What reads untrusted bytes. A target may refuse them with the exception that its callers expect; any other is a find.</summary>
internal static class FuzzTargets
{
    private const string Account = "444455556666";
    private const string Repository = $"arn:aws:ecr:eu-west-1:{Account}:repository/hello-api";

    // Not before the fuzzer runs: the instrumented code writes to its memory.
    private static Caller Caller =>
        new("arn:aws:sts::111122223333:assumed-role/ci/run-7", "111122223333", "AROAEXAMPLE:run-7");

    public static IReadOnlyDictionary<string, Action<Stream>> All { get; } =
        new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            ["archive"] = ReadArchive,
            ["policy"] = stream => ReadPolicy(Text(stream)),
            ["log"] = stream => ReadLog(Text(stream)),
            ["registry"] = ReadAnswer,
        };

    private static void ReadArchive(Stream stream)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ecr-fuzz-{Environment.ProcessId}.tar");
        using (var file = File.Create(path))
        {
            stream.CopyTo(file);
        }

        try
        {
            OpenAsync(path).GetAwaiter().GetResult();
        }
        catch (PushException) { }

        File.Delete(path);

        static async Task OpenAsync(string path)
        {
            using var workspace = new Workspace();
            var files = await ImageArchive.ReadAsync(path, workspace, CancellationToken.None);
            using var image = await ImageArchive.OpenAsync(files, name: null, workspace, CancellationToken.None);
            await image.ReadPlatformsAsync(CancellationToken.None);
        }
    }

    private static void ReadPolicy(string text)
    {
        PolicyDocument policy;
        try
        {
            policy = PolicyDocument.Parse(text);
        }
        catch (PolicyFormatException)
        {
            return;
        }

        PolicyLint.Check(policy, new() { OwnerAccount = Account, Partition = "aws" });
        ExplanationWords.Pushers(PolicyExplanation.Create(policy, Account));
        PolicyEvaluator.Evaluate(
            new()
            {
                Caller = Caller,
                Action = PushAction.PutImage,
                RepositoryArn = Repository,
                RepositoryAccount = Account,
            },
            new() { RepositoryPolicy = policy }
        );
        var request = new FixRequest
        {
            Caller = Caller,
            RepositoryArn = Repository,
            RepositoryAccount = Account,
            Actions = [PushAction.PutImage],
            Wanting = [PolicyKind.Repository],
            RepositoryPolicy = policy,
            RepositoryPolicySeen = true,
        };
        foreach (var fix in PolicyFixes.For(request))
        {
            foreach (var format in Enum.GetValues<FixFormat>())
            {
                fix.Render(format);
            }
        }
    }

    private static void ReadLog(string text)
    {
        var reading = FailureText.Read(text);
        FailureJson.Write(reading);
        foreach (var _ in FailureFixes.Lines(reading)) { }
        DenialMessage.Find(text);
    }

    /// <summary>The first two bytes are the status; the rest is the body, of each answer that has one.</summary>
    private static void ReadAnswer(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        if (bytes.Length < 2)
        {
            return;
        }

        var body = bytes[2..];
        PushedManifest.Read(body, MediaTypes.OciManifest);
        var answer = new RegistryAnswer(
            new RegistryRequest(HttpMethod.Put, new Uri("https://registry.example/v2/a"), "Pushing")
            {
                Expected = null,
            },
            (HttpStatusCode)(100 + ((bytes[0] << 8 | bytes[1]) % 500)),
            Location: null,
            Digest: null,
            Range: null,
            Encoding.UTF8.GetString(body)
        );
        _ = Refusal.FromAnswer(answer).Message;
        Deserialize<DescribeImagesResponse>(body);
        Deserialize<DescribeRepositoriesResponse>(body);
        Deserialize<GetAuthorizationTokenResponse>(body);
    }

    private static void Deserialize<T>(byte[] body)
    {
        try
        {
            JsonSerializer.Deserialize(body, EcrJson.Of<T>());
        }
        catch (JsonException) { }
    }

    private static string Text(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
