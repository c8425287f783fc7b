using EcrBuildTasks.EndToEnd.Setting;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>Begins with the classes that take minutes, so that no core waits for one of them at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(NativeToolTests),
        nameof(WindowsToolTests),
        nameof(ApplicationLayerTests),
        nameof(SolutionTests),
        nameof(SampleTests),
        nameof(EnginePushTests),
        nameof(EnginelessPushTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection =>
        [
            .. testCollections.OrderBy(collection =>
                Array.FindIndex(
                    Longest,
                    name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)
                )
                    is >= 0
                        and var place
                    ? place
                    : Longest.Length
            ),
        ];
}
