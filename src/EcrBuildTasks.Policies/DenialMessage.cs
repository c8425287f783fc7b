using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies;

/// <summary>AWS's sentence about a denied request, taken apart.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html</remarks>
public sealed partial record DenialMessage
{
    // An ARN has at most 2,048 characters; what is longer is no name of AWS.
    private const int LongestName = 2048;

    // A pattern in linear time is built at run time, which the answers of AWS need not wait for; on texts of their length
    // one that looks back costs little too.
    private const int LongestAnswer = 1024;

    private const RegexOptions Options =
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // IAM names some resources by their kind and a blank. Reporters mask names with <words>, so a name may hold spaces between angle brackets. A line that was wrapped loses
    // its spaces or gains some, so no space is insisted on.
    private const string WhoWords =
        """(?<user>user:\s*)?["'`]?(?<principal>(<[^<>/\n]*>|[^\s\p{Cc}<>"'`])+?)["'`]?\s*is\s*not\s*authorized\s*to\s*perform\s*:?\s*""";

    private const string WhatWords =
        """^["'`]?(?<action><?[a-z0-9_*-]+:[a-z0-9_*]+?>?)([^a-z0-9_*>]|on\s*resource|because\s*no|(with|due\s*to)\s*an\s*explicit|$)""";

    private const string OnWhatWords =
        """^["'`]?\s*on\s*resources?\s*:?\s*["'`]?(?<resource>((role|user|group|policy)[ ])?(<[^<>/\n]*>|[^\s\p{Cc}<>"'`\\])+?)([\s\p{Cc}>"'`\\]|</|because\s*no|(with|due\s*to)\s*an\s*explicit|$)""";

    private DenialMessage() { }

    /// <summary>The ARN of the principal that was denied.</summary>
    public required string Principal { get; init; }

    /// <summary>The action, such as <c>ecr:PutImage</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The resource; <see langword="null"/> where AWS did not say.</summary>
    public string? Resource { get; init; }

    /// <summary>The reason; <see langword="null"/> where AWS gave none.</summary>
    public DenialReason? Reason { get; init; }

    /// <summary>Whether a statement denies; otherwise an Allow is missing, or AWS did not say.</summary>
    public bool IsExplicit => Reason is { IsExplicit: true };

    /// <summary>The kind of policy that denies or does not allow; <see langword="null"/> where AWS did not say.</summary>
    public PolicyKind? PolicyKind => Reason?.PolicyKind;

    /// <summary>The ARN of the policy, where AWS gave it.</summary>
    public string? PolicyArn => Reason?.PolicyArn;

    /// <summary>Whether the sentence begins as AWS's does; otherwise the principal may be torn.</summary>
    public bool HasBeginning { get; init; }

    /// <summary>Finds the sentence in a text, whatever stands around it; in time linear in the text's length.</summary>
    /// <returns>The first such sentence; <see langword="null"/> when there is none.</returns>
    public static DenialMessage? Find(string text)
    {
        var isShort = text.Length <= LongestAnswer;
        for (var who = (isShort ? WhoInShort() : Who()).Match(text); who.Success; who = who.NextMatch())
        {
            var start = who.Index + who.Length;
            var rest = text.Substring(start, Math.Min(text.Length - start, 3 * LongestName));
            if (
                who.Groups["principal"].Length <= LongestName
                && (isShort ? WhatInShort() : What()).Match(rest) is { Success: true, Groups: var what }
            )
            {
                return Create(
                    who.Groups["principal"].Value,
                    what["action"].Value,
                    rest[End(what["action"])..],
                    isShort
                ) with
                {
                    HasBeginning = who.Groups["user"].Success,
                };
            }
        }

        return null;
    }

    private static DenialMessage Create(string principal, string action, string rest, bool isShort)
    {
        var onWhat = (isShort ? OnWhatInShort() : OnWhat()).Match(rest);
        var resource = onWhat.Success ? onWhat.Groups["resource"] : null;
        return new()
        {
            Principal = principal,
            Action = action,
            Resource = resource?.Value.TrimEnd('.', ',', ';', ':', ')', '}', ']'),
            Reason = DenialReason.At(resource is null ? rest : rest[End(resource)..], isShort),
        };
    }

    private static int End(Group part) => part.Index + part.Length;

    [GeneratedRegex(WhoWords, Options | RegexOptions.NonBacktracking)]
    private static partial Regex Who();

    [GeneratedRegex(WhoWords, Options, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex WhoInShort();

    [GeneratedRegex(WhatWords, Options | RegexOptions.NonBacktracking)]
    private static partial Regex What();

    [GeneratedRegex(WhatWords, Options, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex WhatInShort();

    [GeneratedRegex(OnWhatWords, Options | RegexOptions.NonBacktracking)]
    private static partial Regex OnWhat();

    [GeneratedRegex(OnWhatWords, Options, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex OnWhatInShort();
}
