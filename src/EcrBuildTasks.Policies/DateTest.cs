using System.Globalization;

namespace EcrBuildTasks.Policies;

/// <summary>The date operators: instants, written in ISO 8601 with any zone or as epoch seconds.</summary>
internal sealed class DateTest(Comparison comparison, DateTimeOffset instant) : ValueTest
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd",
        "yyyy-MM",
        "yyyyMMdd'T'HHmmssK",
    ];

    public DateTimeOffset Instant => instant;

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return TryFromEpoch(seconds, out instant);
        }

        return DateTimeOffset.TryParseExact(
            text,
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out instant
        );
    }

    public override Truth Matches(string contextValue, in Question question) =>
        (TryParse(contextValue, out var value) && Holds(value.CompareTo(instant))).ToTruth();

    private static bool TryFromEpoch(decimal seconds, out DateTimeOffset instant)
    {
        // The years 1 to 9999, which is what the type can hold.
        var isInRange = seconds is >= -62_135_596_800m and <= 253_402_300_799m;
        instant = isInRange ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : default;
        return isInRange;
    }

    private bool Holds(int order) =>
        comparison switch
        {
            Comparison.DateLessThan => order < 0,
            Comparison.DateLessThanEquals => order <= 0,
            Comparison.DateGreaterThan => order > 0,
            Comparison.DateGreaterThanEquals => order >= 0,
            _ => order == 0,
        };
}
