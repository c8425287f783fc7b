using EcrBuildTasks.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace EcrBuildTasks.Policies.Tests.Hostile;

/// <summary>A text that was right before something happened to it.</summary>
public sealed record MangledText(string Text)
{
    public override string ToString() => Text;
}

/// <summary>Makes hostile texts from good ones: cut, doubled, swapped, and spiced with what breaks parsers.</summary>
public static class MangledTexts
{
    private static readonly string[] Spices =
    [
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\\",
        "\\u0000",
        "\\ud800",
        "null",
        "true",
        "-1e999",
        ",",
        ":",
        "*",
        "***",
        "?",
        "${",
        "${aws:userid}",
        "${*}",
        "arn:",
        "arn:aws:iam::",
        "/",
        "::::::",
        "\0",
        "\r\n",
        "\u202e",
        "é",
        "0.0.0.0/0",
        "::1/129",
        "9999-99-99T99:99:99Z",
        "99999999999999999999999999",
        new('*', 300),
        new('[', 100),
    ];

    public static Gen<string> Of(IReadOnlyList<string> good) =>
        from text in Gen.Elements(good.AsEnumerable())
        from blows in Gen.Choose(1, 4)
        from mangled in Enumerable.Range(0, blows).Aggregate(Gen.Constant(text), (gen, _) => gen.SelectMany(Blow))
        select mangled;

    private static Gen<string> Blow(string text) =>
        from a in Gen.Choose(0, text.Length)
        from b in Gen.Choose(0, text.Length)
        from spice in Gen.Elements(Spices.AsEnumerable())
        from kind in Gen.Choose(0, 4)
        let start = Math.Min(a, b)
        let end = Math.Max(a, b)
        select kind switch
        {
            0 => text[..start] + text[end..],
            1 => text.Length > 4_000 ? text[..start] : text[..end] + text[start..],
            2 => text[..start] + spice + text[start..],
            3 => text[..start] + spice + text[Math.Min(end, start + spice.Length)..],
            _ => text[start..end],
        };
}

/// <summary>Policies of the sample cases, mangled.</summary>
public static class MangledPolicies
{
    private static readonly IReadOnlyList<string> Good =
    [
        .. PolicyCase
            .All.SelectMany(c =>
                new[] { c.Policies.RepositoryPolicy, c.Policies.SessionPolicy, c.Policies.RegistryPolicy }
            )
            .OfType<PolicyDocument>()
            .Select(policy => policy.ToJson()),
    ];

    public static Arbitrary<MangledText> Arbitrary() =>
        MangledTexts.Of(Good).Select(text => new MangledText(text)).ToArbitrary();
}

/// <summary>Names of registries, repositories and tags, mangled.</summary>
public static class MangledNames
{
    private static readonly IReadOnlyList<string> Good =
    [
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
        "444455556666.dkr-ecr-fips.us-gov-west-1.on.aws",
        "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "https://444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/app:1.0",
        "public.ecr.aws/alias",
        "team/app-name_x.y",
        "1.0.0-preview.1",
    ];

    public static Arbitrary<MangledText> Arbitrary() =>
        MangledTexts.Of(Good).Select(text => new MangledText(text)).ToArbitrary();
}
