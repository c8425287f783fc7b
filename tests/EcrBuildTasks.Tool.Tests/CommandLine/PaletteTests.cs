using EcrBuildTasks.Tool.CommandLine;
using Spectre.Console;

namespace EcrBuildTasks.Tool.Tests.CommandLine;

public sealed class PaletteTests
{
    public static TheoryData<string> Names => ["Good", "Bad", "Doubtful", "Faint"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_colour_can_be_read_on_black_and_on_white(string name)
    {
        var color = name switch
        {
            nameof(Palette.Good) => Palette.Good,
            nameof(Palette.Bad) => Palette.Bad,
            nameof(Palette.Doubtful) => Palette.Doubtful,
            _ => Palette.Faint,
        };

        Contrast(color, Color.White).ShouldBeGreaterThanOrEqualTo(3.9);
        Contrast(color, Color.Black).ShouldBeGreaterThanOrEqualTo(3.9);
    }

    /// <summary>As the W3C measures it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.</summary>
    private static double Contrast(Color one, Color other)
    {
        var (light, dark) = (Luminance(one), Luminance(other));
        return (Math.Max(light, dark) + 0.05) / (Math.Min(light, dark) + 0.05);
    }

    private static double Luminance(Color color)
    {
        return 0.2126 * Linear(color.R) + 0.7152 * Linear(color.G) + 0.0722 * Linear(color.B);

        static double Linear(byte part) =>
            part / 255.0 <= 0.04045 ? part / 255.0 / 12.92 : Math.Pow((part / 255.0 + 0.055) / 1.055, 2.4);
    }
}
