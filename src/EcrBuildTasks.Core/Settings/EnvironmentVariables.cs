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

    /// <summary>These variables and no others.</summary>
    internal EnvironmentVariables(IEnumerable<KeyValuePair<string, string>> variables) =>
        _values = variables.ToFrozenDictionary(Names);

    internal static EnvironmentVariables None { get; } = new([]);

    /// <summary>All, as a child process would be given them.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    /// <summary>The user's home folder; the current one where no variable names it.</summary>
    public string Home => this["HOME"] ?? this["USERPROFILE"] ?? "";

    /// <summary>A variable's value; <see langword="null"/> where it is not set, or empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>The variables of this process, now. For front ends only.</summary>
    public static EnvironmentVariables OfProcess() =>
#pragma warning disable RS0030 // This is the place.
        new(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""))
        );
#pragma warning restore RS0030

    /// <summary>The same with one variable set, or unset by <see langword="null"/>.</summary>
    public EnvironmentVariables With(string name, string? value) =>
        new(
            value is null
                ? _values.Where(variable => !Names.Equals(variable.Key, name))
                : [.. _values.Where(variable => !Names.Equals(variable.Key, name)), KeyValuePair.Create(name, value)]
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
