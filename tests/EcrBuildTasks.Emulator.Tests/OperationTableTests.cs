using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class OperationTableTests
{
    private const string Header = "| service | operations |\n|---|---|\n";

    /// <summary>If it fails, put the expected table in the page.</summary>
    [Fact]
    public async Task The_page_of_the_emulator_lists_its_operations()
    {
        await using var emulator = await EcrEmulator.StartAsync(new(), TestContext.Current.CancellationToken);
        var table = string.Concat(
            emulator.Operations.Select(service =>
                $"| {service.Service} | {string.Join(", ", service.Operations.Order(StringComparer.Ordinal).Select(operation => $"`{operation}`"))} |\n"
            )
        );

        var page = await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Root, "docs", "emulator.md"),
            TestContext.Current.CancellationToken
        );

        page[(page.IndexOf(Header, StringComparison.Ordinal) + Header.Length)..].ShouldStartWith(table + "\n");
    }
}
