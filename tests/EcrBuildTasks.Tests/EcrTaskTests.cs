using System.Reflection;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;
using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks.Tests;

public sealed class EcrTaskTests : IDisposable
{
    private static readonly AccessKey Owner = new("AKIAOWNEROWNEROWNER1", "owner-secret");
    private static readonly AccessKey Ci = new("ASIACICICICICICICICI", "ci-secret", "ci-session");

    private static readonly IamPolicy All = new(
        "all",
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-task-").FullName;
    private readonly Dictionary<string, string?> _environment = new(StringComparer.Ordinal);

    [Fact]
    public void One_cause_for_several_registries_is_one_error_of_the_build()
    {
        var engine = DispatchProxy.Create<IBuildEngine4, RecordingEngine>();
        var request = Request();
        request.SetMetadata(
            "EcrRegistry",
            "444455556666.dkr.ecr.eu-west-1.amazonaws.com;444455556666.dkr.ecr.eu-west-2.amazonaws.com"
        );
        request.SetMetadata("EcrSourceImage", "hello:1");
        using var task = new PushImageToEcr { BuildEngine = engine, Request = request };

        task.Execute().ShouldBeFalse();

        ((RecordingEngine)engine).Errors.ShouldHaveSingleItem().Code.ShouldBe("ECR4001");
    }

    [Fact]
    public async Task The_text_of_a_build()
    {
        await using var emulator = await StartEmulatorAsync();
        using var image = TestArchive.Create();
        var parts = new List<string>();
        foreach (var isTerminal in new[] { true, false })
        {
            var logger = isTerminal ? "in a terminal" : "with the console logger";
            var request = Request();
            request.SetMetadata("EcrRegistry", "444455556666.dkr.ecr.eu-west-1.amazonaws.com");
            request.SetMetadata("EcrSourceImage", image.Path);
            request.SetMetadata("IsTerminalLogger", isTerminal ? "true" : "");
            parts.Add($"# Preflight that passes, {logger}\n{Run<CheckEcrPush>(request, Owner)}");
            parts.Add($"# Push, {logger}\n{Run<PushImageToEcr>(request, Owner)}");
            parts.Add($"# Preflight that is denied, {logger}\n{Run<CheckEcrPush>(request, Ci)}");
            request.SetMetadata("EcrPushMode", "fast");
            parts.Add($"# Wrong property, {logger}\n{Run<CheckEcrPush>(request, Owner)}");
        }

        Snapshot.Match("build", parts);
    }

    [Fact]
    public async Task A_preflight_that_was_begun_reports_when_it_is_waited_for_and_asks_AWS_once()
    {
        await using var emulator = await StartEmulatorAsync();
        var request = Request();
        request.SetMetadata("EcrRegistry", "444455556666.dkr.ecr.eu-west-1.amazonaws.com");

        var text = Run<CheckEcrPush>(request, Ci);
        var calls = Calls();
        var engine = DispatchProxy.Create<IBuildEngine4, RecordingEngine>();
        Execute(new CheckEcrPush { Wait = false }, request, engine).ShouldBeEmpty();
        var begun = Execute(new CheckEcrPush(), request, engine);

        begun.ShouldBe(text);
        begun.ShouldContain("ECR2001");
        Calls().ShouldBe(calls);

        string[] Calls()
        {
            string[] made = [.. emulator.Calls.Select(call => $"{call.Service}:{call.Action}").Order()];
            emulator.ClearCalls();
            return made;
        }
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        foreach (var (name, value) in _environment)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private async Task<EcrEmulator> StartEmulatorAsync()
    {
        var emulator = await EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new("111122223333")
                    {
                        Roles = [new("ci") { IdentityPolicies = [All], Sessions = [new("run-7", Ci)] }],
                    },
                    new("444455556666")
                    {
                        Users = [new("owner") { AccessKeys = [Owner], IdentityPolicies = [All] }],
                        Registries = [new("eu-west-1") { Repositories = [new("hello-api")] }],
                    },
                ],
            },
            TestContext.Current.CancellationToken
        );
        Set("HOME", _folder);
        Set("AWS_ENDPOINT_URL", emulator.Endpoint.ToString());
        foreach (var variable in new[] { "AWS_PROFILE", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "TEAMCITY_VERSION" })
        {
            Set(variable, null);
        }

        return emulator;
    }

    private TaskItem Request()
    {
        var request = new TaskItem(Path.Combine(_folder, "HelloApi.csproj"));
        request.SetMetadata("ResultDirectory", Path.Combine(_folder, "obj", "Release", "net10.0", "ecr"));
        request.SetMetadata("EcrRepository", "hello-api");
        request.SetMetadata("EcrImageTags", "1.0.0");
        request.SetMetadata("EcrDockerHost", "unix:///nowhere/docker.sock");
        return request;
    }

    /// <returns>What the build prints.</returns>
    private string Run<T>(TaskItem request, AccessKey key)
        where T : EcrTask, new()
    {
        Set("AWS_ACCESS_KEY_ID", key.Id);
        Set("AWS_SECRET_ACCESS_KEY", key.Secret);
        Set("AWS_SESSION_TOKEN", key.SessionToken);
        return Execute(new T(), request, DispatchProxy.Create<IBuildEngine4, RecordingEngine>());
    }

    private static string Execute(EcrTask task, TaskItem request, IBuildEngine4 engine)
    {
        using (task)
        {
            (task.BuildEngine, task.Request) = (engine, request);
            task.Execute();
            var lines = ((RecordingEngine)engine).Lines;
            // The terminal logger shows no other messages.
            return string.Join('\n', task.BreaksLines ? lines.Where(line => line.StartsWith("HelloApi")) : lines);
        }
    }

    private void Set(string variable, string? value)
    {
        _environment.TryAdd(variable, Environment.GetEnvironmentVariable(variable));
        Environment.SetEnvironmentVariable(variable, value);
    }

    /// <summary>An MSBuild that keeps what is logged and registered, and answers nothing else; not sealed, since it is derived from at run time.</summary>
    public class RecordingEngine : DispatchProxy
    {
        public IList<BuildErrorEventArgs> Errors { get; } = [];

        public IList<string> Lines { get; } = [];

        private Dictionary<object, object> Registered { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (args)
            {
                case [var key, { } registered, RegisteredTaskObjectLifetime, bool]:
                    Registered.Add(key!, registered);
                    break;
                case [var key, RegisteredTaskObjectLifetime] when Registered.TryGetValue(key!, out var registered):
                    if (targetMethod!.Name is nameof(IBuildEngine4.UnregisterTaskObject))
                    {
                        Registered.Remove(key!);
                    }

                    return registered;
                case [BuildErrorEventArgs error]:
                    Errors.Add(error);
                    Lines.Add($"{error.File} : error {error.Code}: {error.Message}");
                    break;
                case [BuildWarningEventArgs warning]:
                    Lines.Add($"{warning.File} : warning {warning.Code}: {warning.Message}");
                    break;
                case [BuildMessageEventArgs message]:
                    Lines.Add($"{message.Message}");
                    break;
            }

            return targetMethod!.ReturnType == typeof(bool) ? false : null;
        }
    }
}
