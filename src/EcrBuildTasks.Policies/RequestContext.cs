namespace EcrBuildTasks.Policies;

/// <summary>The context keys of a request. A key is known to have values, known to be absent, or not known at all.</summary>
public sealed class RequestContext
{
    // Most contexts answer a handful of questions: building a frozen dictionary costs more than it saves.
    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _unknown;
    private readonly bool _unlistedIsUnknown;
    private readonly bool _tagsAreKnown;
    private readonly KeyValuePair<string, IReadOnlyList<string>?>[]? _assumed;

    private RequestContext(
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> values,
        IEnumerable<string> unknown,
        bool unlistedIsUnknown,
        bool tagsAreKnown = false
    )
    {
        this._tagsAreKnown = tagsAreKnown;
        foreach (var (key, keyValues) in values)
        {
            this._values[key] = keyValues;
        }

        this._unknown = unknown.ToHashSet(StringComparer.OrdinalIgnoreCase);
        this._unlistedIsUnknown = unlistedIsUnknown;
    }

    private RequestContext(RequestContext known, KeyValuePair<string, IReadOnlyList<string>?>[] assumed)
    {
        _values = known._values;
        _unknown = known._unknown;
        _unlistedIsUnknown = known._unlistedIsUnknown;
        _tagsAreKnown = known._tagsAreKnown;
        this._assumed = assumed;
    }

    /// <summary>A request without any context key.</summary>
    internal static RequestContext Empty { get; } = new([], [], unlistedIsUnknown: false);

    /// <summary>A context in which every key that is not listed is absent, but for those in <paramref name="unknown"/>.</summary>
    public static RequestContext Complete(
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> values,
        IEnumerable<string>? unknown = null
    ) => new(values, unknown ?? [], unlistedIsUnknown: false);

    /// <summary>A context seen from outside: of a key that is not listed neither presence nor value is known.</summary>
    /// <param name="tagsAreKnown">Whether a tag of the repository that is not listed is absent.</param>
    public static RequestContext Partial(
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> values,
        bool tagsAreKnown = false
    ) => new(values, [], unlistedIsUnknown: true, tagsAreKnown);

    /// <summary>Whether presence and values of every key are known.</summary>
    internal bool IsComplete => !_unlistedIsUnknown && _unknown.Count == 0;

    /// <summary>Looks a key up; the case of its name does not matter.</summary>
    /// <returns>Whether anything is known of the key: its values, or with <paramref name="keyValues"/> <see langword="null"/> its absence.</returns>
    internal bool IsKnown(string key, out IReadOnlyList<string>? keyValues)
    {
        if (_values.TryGetValue(key, out keyValues))
        {
            return true;
        }

        return (_assumed is not null && IsAssumed(key, out keyValues))
            || (!_unlistedIsUnknown && !_unknown.Contains(key))
            || (_tagsAreKnown && ResourceTags.TagOf(key) is not null);
    }

    /// <summary>This context if the unknown keys had these values; <see langword="null"/>: if they were absent.</summary>
    internal RequestContext Assuming(KeyValuePair<string, IReadOnlyList<string>?>[] unknownKeys) =>
        new(this, unknownKeys);

    private bool IsAssumed(string key, out IReadOnlyList<string>? keyValues)
    {
        foreach (var (assumedKey, assumedValues) in _assumed!)
        {
            if (string.Equals(assumedKey, key, StringComparison.OrdinalIgnoreCase))
            {
                keyValues = assumedValues;
                return true;
            }
        }

        keyValues = null;
        return false;
    }
}
