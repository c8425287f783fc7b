using System.Xml.Linq;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>A service of the query protocol.</summary>
internal interface IQueryService
{
    /// <summary>The name that requests are signed for.</summary>
    string Name { get; }

    /// <summary>The version that requests name.</summary>
    string Version { get; }

    XNamespace Xml { get; }

    IReadOnlyList<string> Operations { get; }

    bool NeedsSignature(string action);

    /// <exception cref="QueryException">The service refuses.</exception>
    IEnumerable<XElement> Answer(QueryRequest request);
}
