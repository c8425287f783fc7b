using Contracts;

namespace Telemetry;

/// <summary>One line for each thing that a service has done.</summary>
public static class Journal
{
    public static string Line(string service, Order order) => $"{service}: order {order.Number}, {order.Product}";
}
