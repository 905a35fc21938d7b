/// placeholder
package enum Placeholder {}
