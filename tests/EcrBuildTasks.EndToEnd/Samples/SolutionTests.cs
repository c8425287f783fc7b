using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>The sample FiveServices: a solution of five services and two libraries, in one folder for all of these pushes.</summary>
public sealed class SolutionTests(SolutionTests.Sample sample) : IClassFixture<SolutionTests.Sample>
{
    private static readonly string[] Services = ["Billing", "Catalog", "Gateway", "Orders", "Shipping"];

    [Fact]
    public async Task The_services_of_a_solution_are_pushed_and_its_libraries_are_not_in_a_new_process_and_in_a_build_server()
    {
        await using var emulator = await EmulatorAsync();
        var solution = await sample.PushedToAsync(emulator);

        var alone = (await solution.PublishAsync("-m:1")).ShouldSucceed();
        foreach (var service in Services)
        {
            alone.Output.ShouldContain($"Pushed {emulator.Endpoint.Authority}/{RepositoryOf(service)}:1.0.0@");
        }

        // A salt of its own keeps this server apart from those of other builds on this machine.
        solution
            .With("MSBUILDDISABLENODEREUSE", null)
            .With("DOTNET_CLI_USE_MSBUILD_SERVER", "1")
            .With("MSBUILDNODEHANDSHAKESALT", $"{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(
            Path.Combine(solution.Folder, "Directory.Build.targets"),
            """
            <Project>
              <Target Name="TellProcess" AfterTargets="PushToEcr">
                <Message Importance="high" Text="$([System.Environment]::CommandLine)" />
              </Target>
            </Project>
            """,
            TestContext.Current.CancellationToken
        );
        try
        {
            foreach (var tag in new[] { "first", "second" })
            {
                var served = (await solution.PublishAsync("--no-restore", $"-p:EcrImageTags={tag}")).ShouldSucceed();
                served.Output.ShouldContain("nodemode:8");
            }
        }
        finally
        {
            await solution.RunAsync("build-server", "shutdown", "--msbuild");
            solution.With("MSBUILDDISABLENODEREUSE", "1").With("DOTNET_CLI_USE_MSBUILD_SERVER", "0");
        }

        foreach (var service in Services)
        {
            using var owner = new RepositoryOwner(emulator, RepositoryOf(service));
            (await owner.TagsAsync()).ShouldBe(["1.0.0", "first", "second"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task When_one_service_of_a_solution_may_not_be_pushed_none_is_and_the_errors_say_which()
    {
        await using var emulator = await EmulatorAsync(forbidden: "Billing");
        var solution = await sample.PushedToAsync(emulator);

        // More nodes than see the command line: there the preflights come only after the build.
        var build = await solution.PublishAsync("-m:4");

        build.ShouldFailWith("ECR2001", "ECR1009");
        build.LineOf("ECR2001").ShouldStartWith("Billing.csproj : ");
        var heldBack = build.LineOf("ECR1009");
        heldBack.ShouldStartWith("FiveServices.slnx : ");
        heldBack.ShouldContain("the preflight has failed for: Billing. ");
        heldBack.ShouldContain("These wait for it: Catalog, Gateway, Orders, Shipping.");
        PushedManifests(emulator).ShouldBe(0);
    }

    [Fact]
    public async Task A_solution_filter_is_pushed_though_a_service_that_it_leaves_out_may_not_be()
    {
        await using var emulator = await EmulatorAsync(forbidden: "Billing");
        var solution = await sample.PushedToAsync(emulator);
        var filter = Path.Combine(
            Directory.CreateDirectory(Path.Combine(solution.Folder, "filters")).FullName,
            "Two.slnf"
        );
        await File.WriteAllTextAsync(
            filter,
            """{"solution":{"path":"../FiveServices.slnx","projects":["libraries/Contracts/Contracts.csproj","services/Orders/Orders.csproj"]}}""",
            TestContext.Current.CancellationToken
        );

        var build = (await solution.PublishAsync(filter)).ShouldSucceed();

        build.PushedUri.ShouldBe($"{emulator.Endpoint.Authority}/five-services/orders:1.0.0");
    }

    [Fact]
    public async Task After_a_push_of_a_solution_has_failed_no_other_begins()
    {
        await using var emulator = await EmulatorAsync(forbidden: "Billing");
        var solution = await sample.PushedToAsync(emulator);

        // One after the other, Billing first.
        var build = await solution.PublishAsync("-m:1", "-p:EcrPreflight=Off");

        build.ShouldFailWith("ECR2001", "ECR1009");
        build
            .LineOf("ECR1009")
            .ShouldStartWith(
                "Catalog.csproj : error ECR1009: five-services/catalog is not pushed, because the push of Billing has failed"
            );
        PushedManifests(emulator).ShouldBe(0);
    }

    public sealed class Sample(ProductFixture product)
    {
        private readonly Lazy<Task<DotnetProject>> solution = new(() => product.CreateSampleAsync("FiveServices"));

        internal async Task<DotnetProject> PushedToAsync(EcrEmulator emulator) =>
            (await solution.Value).PushedTo(emulator);
    }

    private static Task<EcrEmulator> EmulatorAsync(string? forbidden = null) =>
        Scenario.StartWithAsync([
            .. Services.Select(service => new EmulatedRepository(RepositoryOf(service))
            {
                Policy = service == forbidden ? null : Scenario.AllowCi,
            }),
        ]);

    private static string RepositoryOf(string service) => $"five-services/{service.ToLowerInvariant()}";

    private static int PushedManifests(EcrEmulator emulator) =>
        emulator.Calls.Count(call => call is { Service: "registry", Method: "PUT" });
}
