using System.Collections;
using System.Collections.Frozen;

namespace EcrBuildTasks.Settings;

/// <summary>
/// The environment variables as they were at one moment, read once by the front end and passed to everything that needs them: a build
/// node lives longer than one environment. Two with the same variables are equal.
/// </summary>
public sealed class EnvironmentVariables : IEquatable<EnvironmentVariables>
{
    // Names differ by case alone on no Windows.
    private static readonly StringComparer Names = OperatingSystem.IsWindows()
        ? StringComparer.OrdinalIgnoreCase
        : StringComparer.Ordinal;

    private readonly FrozenDictionary<string, string> _values;

    private readonly string? _profileFolder;

    /// <summary>These variables and no others.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="profileFolder">The user's folder according to the operating system.</param>
    internal EnvironmentVariables(IEnumerable<KeyValuePair<string, string>> variables, string? profileFolder = null)
    {
        _values = variables.ToFrozenDictionary(Names);
        _profileFolder = profileFolder;
    }

    internal static EnvironmentVariables None { get; } = new([]);

    /// <summary>All, as a child process would be given them.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    /// <summary>
    /// The user's home folder, which the operating system knows if no variable is set; <see langword="null"/> if there is none. Never
    /// a relative path: the files of the current folder are not the user's.
    /// </summary>
    public string? Home =>
        new[] { this["HOME"], this["USERPROFILE"], _profileFolder }
            .OfType<string>()
            .FirstOrDefault(Path.IsPathFullyQualified);

    /// <summary>The path of a file in <see cref="Home"/>; without a home folder, one where no file is.</summary>
    internal string InHome(params ReadOnlySpan<string> parts) =>
        Path.Combine([Home ?? Path.Combine(AppContext.BaseDirectory, "no-home"), .. parts]);

    /// <summary>A variable's value; <see langword="null"/> where it is not set, or empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>
    /// The path of a program, found as by a shell: .NET would prefer one in the current folder. <see langword="null"/> if it is not
    /// installed.
    /// </summary>
    public string? FindProgram(string name) =>
        (this["PATH"] ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name))
            .FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (
            OperatingSystem.IsWindows()
            || (
                File.GetUnixFileMode(path)
                & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)
            )
                is not UnixFileMode.None
        );

    /// <summary>The variables of this process, now. For front ends only.</summary>
    public static EnvironmentVariables OfProcess() =>
#pragma warning disable RS0030 // This is the place.
        new(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? "")),
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)
        );
#pragma warning restore RS0030

    /// <summary>The same with one variable set, or unset by <see langword="null"/>.</summary>
    public EnvironmentVariables With(string name, string? value) =>
        new(
            value is null
                ? _values.Where(variable => !Names.Equals(variable.Key, name))
                : [.. _values.Where(variable => !Names.Equals(variable.Key, name)), KeyValuePair.Create(name, value)],
            _profileFolder
        );

    /// <inheritdoc/>
    public bool Equals(EnvironmentVariables? other) =>
        other is not null
        && _values.Count == other._values.Count
        && _values.All(variable => other._values.TryGetValue(variable.Key, out var value) && value == variable.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EnvironmentVariables);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _values.Aggregate(
            0,
            (hash, variable) => hash ^ HashCode.Combine(Names.GetHashCode(variable.Key), variable.Value)
        );

    /// <summary>How many there are; some hold secrets.</summary>
    public override string ToString() => $"{_values.Count} environment variables";
}
