using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>A file that a command reads, or standard input.</summary>
internal static class InputFile
{
    public const string StandardInput = "-";

    /// <summary>The name in messages.</summary>
    public static string NameOf(string file) => file is StandardInput ? "standard input" : file;

    /// <summary>Gives the content to a reader.</summary>
    /// <param name="what">What the file should contain, for a message.</param>
    /// <exception cref="DiagnosedException">The file cannot be read.</exception>
    public static T Read<T>(string file, string what, Func<Stream, T> read)
    {
        if (Directory.Exists(file))
        {
            throw Unreadable($"{file} is a folder, not a file with {what}.");
        }

        if (file is StandardInput && !Console.IsInputRedirected)
        {
            Console.Error.WriteLine($"Paste {what}, then end it with Ctrl+D (Windows: Ctrl+Z, Enter).");
        }

        try
        {
            using var input = file is StandardInput ? Console.OpenStandardInput() : File.OpenRead(file);
            return read(input);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Unreadable($"{NameOf(file)}: {failure.Message}");
        }
    }

    public static DiagnosedException Unreadable(string message) =>
        new(EcrDiagnostic.Error(EcrCode.PolicyUnreadable, message));
}
