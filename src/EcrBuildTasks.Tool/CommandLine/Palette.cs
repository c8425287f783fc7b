using Spectre.Console;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>
/// The colours. They are of the 256 that look the same in every terminal, where the first 16 are the terminal's own, and each
/// can be read on black and on white alike: its contrast to both is at least 4.
/// </summary>
internal static class Palette
{
    private const byte Green = 28;
    private const byte Red = 196;
    private const byte Brown = 130;
    private const byte Grey = 243;

    public static Color Good { get; } = Color.FromInt32(Green);

    public static Color Bad { get; } = Color.FromInt32(Red);

    /// <summary>Unknown, or needs attention.</summary>
    public static Color Doubtful { get; } = Color.FromInt32(Brown);

    public static Color Faint { get; } = Color.FromInt32(Grey);

    /// <summary>An added line, without wrapping.</summary>
    public static string Added(string line) => Painted(line, Green);

    public static string Removed(string line) => Painted(line, Red);

    private static string Painted(string line, byte color) => $"\e[38;5;{color}m{line}\e[0m";
}
