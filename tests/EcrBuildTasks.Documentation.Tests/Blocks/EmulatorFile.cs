using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Documentation.Tests.Blocks;

/// <summary>A file for the emulator that a page shows.</summary>
internal static class EmulatorFile
{
    /// <summary>What it says, by the emulator's own reader.</summary>
    /// <exception cref="EmulatorConfigurationException">It is not understood.</exception>
    public static EmulatorOptions Read(CodeBlock block)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, block.Text);
            return EmulatorOptions.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static Task<EcrEmulator> StartAsync(CodeBlock block) =>
        EcrEmulator.StartAsync(Read(block), TestContext.Current.CancellationToken);
}
